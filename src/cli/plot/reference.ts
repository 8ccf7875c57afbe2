/** What 0 dB is: for panels in Hz the largest value of them all, so that their colours compare; for Bark its own. */
import type { Spectrogram } from './figure.ts'
import { peakOf } from './levels.ts'
import { threeDigits } from './ticks.ts'

export interface Reference {
  /** In power; 0 where there is nothing to see. */
  peak: number
  /** What a panel holds and what its colours are relative to. */
  note: string
}

export function referencesOf(panels: readonly Spectrogram[]): Reference[] {
  const peaks = panels.map((panel) => peakOf(panel.data, panel.isPower))
  return panels.map((panel, i) => {
    const group = peaks.filter((_, k) => panels[k]!.unit === panel.unit)
    const peak = Math.max(...group)
    const { rows, columns, unit, isPower } = panel
    const held = `${count(rows, unit === 'Hz' ? 'bin' : 'band')} × ${count(columns, 'frame')}`
    if (peaks[i] === 0) return { peak, note: `${held}, all ${columns === 0 ? 'absent' : 'zero'}` }
    const value = isPower ? `${threeDigits(peak)} in power` : `${threeDigits(Math.sqrt(peak))} in magnitude`
    const whose = group.length > 1 ? `the peak of the ${unit} panels` : 'its peak'
    return { peak, note: `${held}, 0 dB = ${value}, ${whose}` }
  })
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`
}
