/**
 * Tries something once more, and says so, where it failed by what is not its own but the runtime's. What is wrong with
 * the thing itself fails the second time too.
 */
export async function onceMore(name, act, isForeign) {
  try {
    return await act()
  } catch (error) {
    if (!isForeign(error)) throw error
    console.log(`AGAIN ${name}: ${error.message}`)
    return act()
  }
}
