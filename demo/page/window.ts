/** The part of the spectrograms that is visible: zooming and panning. */
import type { Window } from './messages.ts'

export const WHOLE: Window = { from: 0, to: 1, low: 0, high: 1 }
/** The smallest share of an axis that fills the panel. */
const LEAST = { time: 1e-5, frequency: 0.02 }

type Ends = [low: number, high: number]

/** A stretch of 0 to 1 of a given length about a middle, moved inside. */
function inside(middle: number, length: number): Ends {
  const half = Math.min(length, 1) / 2
  const centre = Math.min(Math.max(middle, half), 1 - half)
  return [centre - half, centre + half]
}

/** Zooms about a place, which stays where it is; a factor below 1 goes nearer. */
export function zoomed(window: Window, along: 'time' | 'frequency', place: number, factor: number): Window {
  const [a, b] = along === 'time' ? [window.from, window.to] : [window.low, window.high]
  const length = Math.min(1, Math.max(LEAST[along], (b - a) * factor))
  const share = (place - a) / (b - a)
  const [low, high] = inside(place + (0.5 - share) * length, length)
  return along === 'time' ? { ...window, from: low, to: high } : { ...window, low, high }
}

/** Moves by shares of what is visible. */
export function panned({ from, to, low, high }: Window, time: number, frequency: number): Window {
  const [t, f] = [to - from, high - low]
  const [a, b] = inside((from + to) / 2 + time * t, t)
  const [c, d] = inside((low + high) / 2 + frequency * f, f)
  return { from: a, to: b, low: c, high: d }
}

/** `0.1,0.4,0,1`; anything else is the whole. */
export function readWindow(text: string | null): Window {
  const [from = 0, to = 0, low = 0, high = 0] = (text ?? '').split(',').map(Number)
  const isRange = (a: number, b: number): boolean => a >= 0 && b <= 1 && b - a >= 1e-6
  return isRange(from, to) && isRange(low, high) ? { from, to, low, high } : WHOLE
}

export function writeWindow({ from, to, low, high }: Window): string | undefined {
  const text = [from, to, low, high].map((place) => Number(place.toFixed(6))).join(',')
  return text === '0,1,0,1' ? undefined : text
}
