/**
 * npm run bench:guard: some ratios of peers' times to unbark's, measured again and held against those of bench/results;
 * says which got worse by more than the noise, and then ends with 1. Three minutes; what it needs is bench:peers' own.
 */
import { guard } from './peers/guard.mjs'

const { text, worse } = await guard()
console.log(text)
if (worse > 0) process.exitCode = 1
