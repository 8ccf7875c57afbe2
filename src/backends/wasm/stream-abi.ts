/** What assembly/sound.ts exports for streams: pointers and byte counts in, numbers out. */
export type StreamExports = {
  streamBytes(joint: number, slots: number): number
  streamBegin(at: number, joint: number, slots: number, lead: number, window: number, length: number): void
  streamEnter(at: number, bands: number, signal: number): number
  streamRun(at: number, iterations: number, closes: boolean): void
  streamSlide(at: number): void
}
