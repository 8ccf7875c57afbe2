/** Milliseconds of one iteration of SGD: a run of many less a run of one, which deals frames to workers as well. */
import { BANK } from './settings.mjs'

const ENDLESS = { toleranceLoss: 0, toleranceChange: 0 }
const MOST = { torchaudio: 400, unbark: 20_000 }

/** Both in the names that either takes, for as many iterations as asked. */
export function solverArguments({ nStft, nBarks }, bands) {
  return {
    torchaudio: (more) => ({ bands, n_stft: nStft, n_barks: nBarks, sample_rate: BANK.sampleRate, ...more }),
    unbark: (more) => ({ bands, nStft, nBarks, ...BANK, ...more }),
  }
}

/** torchaudio's run of `maxIter` iterations and unbark's plain one of the same, without an end before. */
export function fixedRuns(bench, threads, args, { maxIter, keep = false, stepping = 'plain' }) {
  return {
    torchaudio: () =>
      bench.ask(
        'python',
        threads,
        'torchaudio.solve',
        args.torchaudio({ max_iter: maxIter, tolerance_loss: 0, tolerance_change: 0 }),
        keep,
      ),
    unbark: () =>
      bench.ask(
        'unbark',
        threads,
        'solve',
        args.unbark({ ...ENDLESS, solver: 'sgd', stepping, maxIter, threads }),
        keep,
      ),
  }
}

/** Candidates for rounds, each an iteration's time; counts are chosen so that a run takes about `target` ms. */
export async function iterationCandidates(bench, threads, args, target) {
  const candidates = {}
  for (const who of ['torchaudio', 'unbark']) {
    const run = async (maxIter) => (await fixedRuns(bench, threads, args, { maxIter })[who]()).ms
    await run(3)
    const rough = ((await run(6)) - (await run(1))) / 5
    const count = Math.max(10, Math.min(MOST[who], Math.round(target / Math.max(rough, 1e-3))))
    // the least of the set-ups so far: a disturbed one would make iterations too short
    let setUp = await run(1)
    candidates[who] = async () => {
      setUp = Math.min(setUp, await run(1))
      return ((await run(count)) - setUp) / (count - 1)
    }
  }
  return candidates
}
