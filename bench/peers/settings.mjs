/** How much is measured: a trial of the bench itself, a default run, and one with every run to its own end. */
export const THREADS = [1, 2]
export const BANK = { sampleRate: 16000 }
export const N_FFT = 1024
export const HOP = 512
/** Frames of half a minute at 16 kHz and hop 512. */
export const HALF_MINUTE = 947

const frames = [1, 45, 400, HALF_MINUTE, 5625]
const MODES = {
  quick: {
    frames: [1, 45],
    bands: [24, 128],
    limit: 0.3,
    repeats: 3,
    target: 30,
    seconds: 2,
    growthFrames: [1, 100, 1000],
    growthBins: [65, 513],
    growthBands: [8, 128],
    iterations: [1, 100, 1000],
    sounds: ['256/40/1'],
    float64: 1000,
    librosaFrames: 45,
  },
  default: {
    frames,
    bands: [24, 64, 128],
    limit: 2,
    repeats: 3,
    target: 120,
    seconds: 30,
    growthFrames: [1, 10, 100, 1000, 10_000, 100_000, 200_000],
    growthBins: [65, 129, 257, 513, 1025, 2049, 4097],
    growthBands: [8, 16, 32, 64, 128, 256],
    iterations: [1, 10, 100, 1000, 10_000, 100_000],
    sounds: ['256/40/1', '256/128/2'],
    float64: 3000,
    librosaFrames: HALF_MINUTE,
  },
}
MODES.full = { ...MODES.default, limit: Number.POSITIVE_INFINITY, repeats: 7, float64: 100_000 }

export const modeNames = Object.keys(MODES)
export const settingsOf = (mode) => ({ mode, ...MODES[mode] })
