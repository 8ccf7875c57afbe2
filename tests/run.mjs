/**
 * The suites of this folder, from the sources: all of them, or those that are named.
 *
 *     node tests/run.mjs [name ...]
 *
 * TypeScript comes by tsx's call and not by `--import tsx`, which Node hands on to every worker that a test starts: each
 * then takes 90 ms of processor time to start, not 20.
 */
import { register } from 'tsx/esm/api'

register()
await import('./run.ts')
