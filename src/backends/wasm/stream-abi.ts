/** What assembly/sound.ts exports for streams: pointers and byte counts in, numbers out. */
export type StreamExports = {
  streamBytes(joint: number, slots: number): number
  streamBegin(
    at: number,
    joint: number,
    pitch: number,
    slots: number,
    lead: number,
    window: number,
    length: number,
  ): void
  streamOpen(at: number, by: number): void
  streamEnter(at: number): void
  streamRun(at: number, iterations: number, closes: boolean): void
  streamSlide(at: number): void
  streamHear(at: number, bark: number, voice: number, stride: number): void
}
