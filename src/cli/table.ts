/** A table in plain text: the first column to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)))
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')
  return rows.map(line).join('\n')
}

/** Terms and what they mean, below one another; further lines of a meaning stand under its first. */
export function glossary(terms: readonly (readonly [string, string])[]): string {
  const width = Math.max(...terms.map(([term]) => term.length)) + 2
  return terms
    .map(([term, meaning]) => term.padEnd(width) + meaning.replaceAll('\n', `\n${' '.repeat(width)}`))
    .join('\n')
}
