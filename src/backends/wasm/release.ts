/**
 * Gives the memory of large arrays back at once, rather than when a collection comes by; they are empty after. Node 20 has
 * no `transfer`; a message to nobody frees 256 MB there as promptly, where a dropped clone keeps them until it is collected.
 */
export function release(...arrays: (ArrayLike<number> | undefined)[]): void {
  for (const array of arrays) {
    if (!ArrayBuffer.isView(array)) continue
    const buffer = array.buffer as ArrayBuffer & { transfer?(length: number): ArrayBuffer }
    if (buffer.transfer) buffer.transfer(0)
    else sendAway(buffer)
  }
}

function sendAway(buffer: ArrayBuffer): void {
  const { port1 } = new MessageChannel()
  port1.close()
  port1.postMessage(buffer, [buffer])
}
