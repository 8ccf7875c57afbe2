/** The parts of a run, in their order, each with its cases. */
const files = {
  grid: './grid.mjs',
  float64: './float64.mjs',
  inverses: './inverses.mjs',
  transforms: './transforms.mjs',
  sound: './sound.mjs',
  growth: './growth.mjs',
  cost: './cost.mjs',
}

export const partNames = Object.keys(files)

export const casesOf = async (part, settings) => (await import(files[part])).cases(settings)
