declare module '*.bin' {
  const bytes: Uint8Array
  export default bytes
}
declare module '*.json' {
  const index: unknown
  export default index
}
