declare module 'snappyjs' {
  const snappy: {
    /** @throws {Error} when the bytes are no snappy block, or hold more than `maxLength` */
    uncompress(compressed: Uint8Array, maxLength?: number): Uint8Array
    compress(plain: Uint8Array): Uint8Array
  }
  export default snappy
}
