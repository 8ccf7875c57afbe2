/** How many turns the event loop has had while `act` runs, and what it gave. */
export async function countTurns<T>(act: () => Promise<T>): Promise<{ turns: number; result: T }> {
  let turns = 0
  let going = true
  const turn = (): void => {
    turns++
    if (going) setTimeout(turn, 0)
  }
  setTimeout(turn, 0)
  try {
    const result = await act()
    return { turns, result }
  } finally {
    going = false
  }
}
