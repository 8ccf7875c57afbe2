/** The transforms beside the inverse, on half a minute: ours against torchaudio's, librosa's and libsonare's. */
import { Spectrogram } from '../../dist/index.js'
import { speech } from './inputs.mjs'
import { difference } from './likeness.mjs'
import { inTurn } from './rounds.mjs'
import { HOP, N_FFT, THREADS } from './settings.mjs'

const N_STFT = N_FFT / 2 + 1

/** What is compared: { name: { who: (bench) => reply } }. */
export async function transforms(bench, seconds, threads) {
  const samples = speech(16000 * seconds)
  const waveform = bench.put(`waveform ${seconds}`, () => ({ data: samples, shape: [samples.length] }))
  const of = (power, hopLength) =>
    new Spectrogram({ nFft: N_FFT, hopLength, power }).forward({ data: samples, shape: [samples.length] })
  const python = (call, args) => (keep) => bench.ask('python', threads, call, args, keep)
  const own = (call, args) => (keep) => bench.ask('unbark', threads, call, { ...args, threads }, keep)
  const all = {}
  for (const hop of [HOP, HOP / 2]) {
    const power = await of(2, hop)
    const spectrogram = bench.put(`power ${seconds}/${hop}`, () => power)
    const magnitudes = bench.put(`magnitudes ${seconds}/${hop}`, () => ({ ...power, data: power.data.map(Math.sqrt) }))
    all[`Spectrogram, hop ${hop}`] = {
      torchaudio: python('torchaudio.spectrogram', { waveform, n_fft: N_FFT, hop_length: hop }),
      librosa: python('librosa.spectrogram', { waveform, n_fft: N_FFT, hop_length: hop }),
      unbark: own('spectrogram', { input: waveform, nFft: N_FFT, hopLength: hop }),
    }
    all[`GriffinLim, 32 iterations, hop ${hop}`] = {
      torchaudio: python('torchaudio.griffin_lim', { spectrogram, n_fft: N_FFT, hop_length: hop }),
      librosa: python('librosa.griffin_lim', {
        magnitudes,
        n_fft: N_FFT,
        hop_length: hop,
        n_iter: 32,
        length: samples.length,
      }),
      ...(threads === 1 && {
        libsonare: (keep) =>
          bench.ask(
            'libsonare',
            1,
            'griffin_lim',
            { magnitudes, sampleRate: 16000, nFft: N_FFT, hopLength: hop, nIter: 32 },
            keep,
          ),
      }),
      unbark: own('griffin_lim', { input: spectrogram, nFft: N_FFT, hopLength: hop, seed: 0 }),
    }
  }
  const complex = await of(null, HOP)
  const values = bench.put(`complex ${seconds}`, () => complex)
  all['InverseSpectrogram, hop 512'] = {
    torchaudio: python('torchaudio.inverse_spectrogram', { values, n_fft: N_FFT }),
    unbark: own('inverse_spectrogram', { input: values, nFft: N_FFT }),
  }
  const spectrogram = bench.put(`power ${seconds}/${HOP}`, () => undefined)
  all['BarkScale, 128 bands'] = {
    torchaudio: python('torchaudio.bark_scale', { spectrogram, n_stft: N_STFT }),
    unbark: own('bark_scale', { input: spectrogram, nStft: N_STFT }),
  }
  all['barkscale_fbanks, 513 x 128'] = {
    torchaudio: python('torchaudio.fbanks', {
      n_freqs: N_STFT,
      f_min: 0,
      f_max: 8000,
      n_barks: 128,
      sample_rate: 16000,
    }),
    unbark: (keep) =>
      bench.ask('unbark', 1, 'fbanks', { nFreqs: N_STFT, fMin: 0, fMax: 8000, nBarks: 128, sampleRate: 16000 }, keep),
  }
  return all
}

async function run(bench, { seconds, repeats }, threads) {
  const rows = []
  for (const [what, who] of Object.entries(await transforms(bench, seconds, threads))) {
    const results = {}
    for (const [name, ask] of Object.entries(who)) results[name] = (await ask(true)).data
    const candidates = Object.fromEntries(
      Object.entries(who).map(([name, ask]) => [name, async () => (await ask(false)).ms]),
    )
    const times = await inTurn(candidates, what.startsWith('Griffin') ? 2 * repeats + 1 : 7 * repeats, 2)
    for (const [name, { value, low, high }] of Object.entries(times)) {
      const isSame = name !== 'unbark' && results[name].length === results.unbark.length && name === 'torchaudio'
      rows.push({
        what,
        threads,
        who: name,
        ms: value,
        low,
        high,
        difference: isSame ? difference(results[name], results.unbark) : undefined,
      })
    }
  }
  return rows
}

export function cases(settings) {
  return THREADS.map((threads) => ({ key: `${threads}`, run: (bench) => run(bench, settings, threads) }))
}
