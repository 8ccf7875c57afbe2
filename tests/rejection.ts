/** The message that a promise is rejected with, after its name. */
export async function rejection(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : `not an Error: ${error}`
  }
  return 'none'
}
