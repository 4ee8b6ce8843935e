import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { unpack } from '../../../runner/audit/unpack.ts'

const text = Buffer.from('some text, some more text')
const limit = 1000

test.each([
  ['nothing', text, []],
  ['identity', text, ['identity']],
  ['gzip', gzipSync(text), ['gzip']],
  ['br', brotliCompressSync(text), ['br']],
  ['deflate with its header', deflateSync(text), ['deflate']],
  ['deflate without its header', deflateRawSync(text), ['deflate']],
  ['two, the last one first', gzipSync(brotliCompressSync(text)), ['br', 'gzip']],
])('takes off %s', async (_, bytes, encodings) => {
  expect(await unpack(bytes, encodings, limit)).toEqual({ state: 'whole', bytes: text })
})

test('stops at the limit, however much there is', async () => {
  const unpacked = await unpack(gzipSync(Buffer.alloc(50_000_000)), ['gzip'], limit)
  expect(unpacked.state).toBe('cut')
  expect(unpacked.state !== 'unreadable' && unpacked.bytes.length).toBe(limit)
})

test.each([
  ['what is no gzip', text, ['gzip']],
  ['what was cut on the way', gzipSync(text).subarray(0, 15), ['gzip']],
  ['what nobody knows', text, ['rot13']],
])('says so of %s', async (_, bytes, encodings) => {
  expect(await unpack(bytes, encodings, limit)).toEqual({ state: 'unreadable' })
})
