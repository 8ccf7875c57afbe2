/** Tests that need a GPU, real or not; without one they are skipped, which the runner says aloud. */
import { test } from 'uvu'
import { availableDevices } from '../src/index.ts'
import { gpuBackend } from './place.ts'

const devices = await availableDevices()
const isHere = devices.some(({ backend, isAvailable }) => backend === gpuBackend && isAvailable)

export const onGpu: (name: string, act: () => Promise<void>) => void = isHere ? test : test.skip
