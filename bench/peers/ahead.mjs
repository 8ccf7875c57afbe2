/** Where a peer is ahead of unbark. */
import { cells, keyOf } from './asked.mjs'
import { duration, times } from './figures.mjs'
import { find } from './results.mjs'

/** Where a peer is ahead by more than the noise, in whatever was measured. */
export function ahead({ grid, inverses, transforms, sound, growth }, noise) {
  const [lines, edge] = [[], 1 + noise]
  const add = (what, ours, theirs, who) => {
    if (theirs * edge < ours)
      lines.push(`${what}: ${who} ${duration(theirs)}, unbark ${duration(ours)} (${times(ours / theirs)})`)
  }
  for (const { what, threads, who, ms } of transforms?.rows ?? []) {
    const own = find(transforms.rows, { what, threads, who: 'unbark' })
    if (who !== 'unbark') add(`${what}, threads ${threads}`, own.ms, ms, who)
  }
  for (const row of cells(grid?.rows ?? [])) {
    const own = find(grid.rows, { ...keyOf(row), who: 'sgd, plain' })
    add(
      `an iteration of ${row.frames} frames, ${row.nBarks} bands, threads ${row.threads}`,
      own.iterationMs,
      row.iterationMs,
      'torchaudio',
    )
  }
  for (const row of inverses?.rows ?? []) {
    if (['maxent', 'nnls', 'sgd, auto'].includes(row.who)) continue
    const own = find(inverses.rows, { signal: row.signal, threads: row.threads, power: row.power, who: 'maxent' })
    add(`${row.signal}, threads ${row.threads}, time`, own.ms, row.ms, row.who)
    if (row.endFrom && row.endFrom !== 'own') continue
    for (const [key, name] of [
      ['convergence', 'spectral convergence'],
      ['distanceDb', 'log-spectral distance'],
      ['l1', 'relative L1'],
    ])
      if (row[key] < own[key])
        lines.push(
          `${row.signal}, threads ${row.threads}, ${name}: ${row.who} ${row[key].toFixed(3)}, maxent ${own[key].toFixed(3)}`,
        )
  }
  for (const row of growth?.rows ?? []) {
    const own = find(growth.rows, { along: row.along, at: row.at, who: 'maxent' })
    if (row.who === 'pseudo-inverse') add(`${row.at} ${row.along}, time`, own.ms, row.ms, 'pseudo-inverse')
    const step = find(growth.rows, { along: row.along, at: row.at, who: 'sgd, an iteration' })
    if (row.who === 'torchaudio, an iteration')
      add(`an iteration, ${row.at} ${row.along}`, step.ms, row.ms, 'torchaudio')
  }
  for (const row of sound?.rows.filter(({ who }) => !who.startsWith('unbark')) ?? []) {
    const own = find(sound.rows, { setting: row.setting, signal: row.signal, who: 'unbark' })
    const name = `${row.setting}, ${row.signal}`
    add(`${name}, time`, own.ms, row.ms, row.who)
    for (const [key, sign] of [
      ['PESQ', 1],
      ['ESTOI', 1],
      ['bSC', -1],
      ['LSD', -1],
    ])
      if (sign * row[key] > sign * own[key])
        lines.push(`${name}, ${key}: ${row.who} ${row[key].toFixed(3)}, unbark ${own[key].toFixed(3)}`)
  }
  return lines
}
