/** hop/bands/power of the sound benchmark, with n_fft 1024 at 16 kHz. */
const ALL = ['256/24/1', '256/40/1', '256/80/1', '256/128/2', '512/40/1', '512/80/2', '512/128/2']

const asked = process.env.SETTINGS?.split(',')
const odd = asked?.find((name) => !/^\d+\/\d+\/\d+$/.test(name))
if (odd !== undefined) throw new RangeError(`SETTINGS: expected hop/bands/power, as ${ALL[0]}, got ${odd}`)

/** Whether a run has every setting, and so is one to keep. */
export const IS_WHOLE = asked === undefined

export const settings = (asked ?? ALL).map((name) => {
  const [hop, bands, power] = name.split('/').map(Number)
  return { name, hop, bands, power }
})
