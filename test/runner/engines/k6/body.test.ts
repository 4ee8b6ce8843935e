import { expect, test } from 'vitest'
import { bodyOf, bytesOf } from '../../../../runner/engines/k6/body.ts'

test.each(['', 'plain', 'ü ß €', '日本語', '🙂 in a text', 'a lone \ud800 half', '\u0000\u007f\u0080\u07ff\u0800\uffff'])(
  '%j becomes the bytes that TextEncoder makes',
  (text) => {
    expect(bytesOf(text)).toEqual([...new TextEncoder().encode(text)])
  },
)

test('text stays text, bytes and mixtures become bytes', () => {
  expect(bodyOf(['a', 'ü'])).toBe('aü')
  expect([...new Uint8Array(bodyOf(new Uint8Array([1, 2, 255]).subarray(1)) as ArrayBuffer)]).toEqual([2, 255])
  expect([...new Uint8Array(bodyOf(['ü', new Uint8Array([0, 255]), 'a']) as ArrayBuffer)]).toEqual([0xc3, 0xbc, 0, 255, 97])
})
