/**
 * For `node --import`: the package `webgpu` without checks of every index, as Chromium is told by its flag for Dawn. On a
 * software adapter they are half of the work.
 */
import { register } from 'node:module'

const checked = JSON.stringify(import.meta.resolve('webgpu'))
const unchecked = module(`
  import { create as checked } from ${checked}
  export * from ${checked}
  export const create = (flags) => checked([...flags, 'enable-dawn-features=disable_robustness'])
`)
register(
  module(`
    export function resolve(specifier, context, next) {
      return specifier === 'webgpu' ? { url: ${JSON.stringify(unchecked)}, shortCircuit: true } : next(specifier, context)
    }
  `),
)

function module(source) {
  return `data:text/javascript,${encodeURIComponent(source)}`
}
