/**
 * npm run bench:peers: unbark beside torchaudio, librosa and libsonare, on the same inputs in one run.
 *
 *     npm run bench:peers                      a default run, about 35 minutes on two cores
 *     npm run bench:peers -- --full            every run of torchaudio to its own end: some hours
 *     npm run bench:peers -- --quick           a trial of the bench itself; goes to bench/out
 *     npm run bench:peers -- voice.wav         files beside the project's own signals
 *     npm run bench:peers -- --part transforms one part (again); the rest stays as it was measured
 *     npm run bench:peers -- --report          tables, plot and README again from bench/results
 *
 * A run that was broken off goes on where it was; --fresh begins anew. PEERS_ENV=folder holds what the peers need
 * (docs/benchmarks.md).
 */
import { parseArguments } from './peers/arguments.mjs'
import { publish } from './peers/publish.mjs'
import { measure } from './peers/run.mjs'

const asked = parseArguments(process.argv.slice(2))
if (!asked.report) await measure(asked)
console.log(publish(asked.mode))
