/**
 * Tries something again, at most so many times, and says so, where it failed by what is not its own but the runtime's. What
 * is wrong with the thing itself fails the next time too.
 */
export async function tryAgain(name, act, isForeign, most) {
  try {
    return await act()
  } catch (error) {
    if (most === 0 || !isForeign(error)) throw error
    console.log(`AGAIN ${name}: ${error.message}`)
    return tryAgain(name, act, isForeign, most - 1)
  }
}
