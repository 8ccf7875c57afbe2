import type { DeviceInfo } from '../../index.ts'
import type { Command, Outcome } from '../command.ts'

async function run(): Promise<Outcome> {
  const { availableDevices } = await import('../../index.ts')
  const devices = await availableDevices()
  return { json: { devices }, text: devices.map(line).join('\n') }
}

function line({ device, backend, isAvailable, adapter, isSoftware, why }: DeviceInfo): string {
  const kind = isSoftware ? 'a program that imitates a GPU: --device gpu takes it, auto does not' : ''
  const what = isAvailable ? [adapter, kind] : ['not here', [adapter, why].filter(Boolean).join(': ')]
  const told = what.filter(Boolean).join(' - ')
  return `${device}  ${backend.padEnd(6)}  ${told}`.trimEnd()
}

export const devices: Command = {
  name: 'devices',
  description: 'Say what there is to compute with, and why a GPU cannot be used',
  flags: [],
  isAnswer: true,
  isAlone: true,
  examples: ['unbark devices', 'unbark devices --json'],
  outputs: () => [],
  check: async () => {},
  run,
}
