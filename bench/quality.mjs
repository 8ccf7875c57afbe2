/**
 * npm run bench:quality: how near solvers come to the spectrogram that the bands were made from ('magnitudes'), and
 * pipelines to its sound ('sound').
 *
 *     npm run bench:quality -- sound                   one part
 *     VOICES=folder npm run bench:quality -- sound     with the recordings (.wav) of a folder
 *     SETTINGS=256/40/1 npm run bench:quality -- sound one hop/bands/power, or several with commas; nothing is kept
 *     SGD_ITERATIONS=100000 npm run bench:quality      with all of torchaudio's iterations
 */
const parts = ['magnitudes', 'sound']
const wanted = process.argv.slice(2)
const unknown = wanted.find((part) => !parts.includes(part))
if (unknown !== undefined) throw new RangeError(`part: expected ${parts.join(' or ')}, got ${unknown}`)

const show = (name) => process.stderr.isTTY && process.stderr.write(`\r${name.padEnd(70)}`)
for (const part of parts) {
  if (wanted.length > 0 && !wanted.includes(part)) continue
  const { run } = await import(`./quality/${part}.mjs`)
  const text = await run(show)
  if (process.stderr.isTTY) process.stderr.write('\n')
  console.log(text)
}
