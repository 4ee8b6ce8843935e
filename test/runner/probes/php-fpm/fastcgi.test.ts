import { expect, test } from 'vitest'
import { pageIn, requestOf } from '../../../../runner/probes/php-fpm/fastcgi.ts'

test('a request is its beginning, its parameters and two empty records', () => {
  const sent = requestOf('/status', 'json')
  expect([...sent.subarray(0, 16)]).toEqual([1, 1, 0, 1, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
  expect(sent.subarray(16, 18)).toEqual(Buffer.from([1, 4]))
  expect(sent.includes(Buffer.from([12, 4, ...Buffer.from('QUERY_STRINGjson')]))).toBe(true)
  expect([...sent.subarray(-16)]).toEqual([1, 4, 0, 1, 0, 0, 0, 0, 1, 5, 0, 1, 0, 0, 0, 0])
})

test('a page is whole only with its end, wherever the network cut it; headers and padding are left out', () => {
  const output = (text: string, padding: number): Buffer => {
    const record = Buffer.alloc(8 + text.length + padding)
    record.set([1, 6, 0, 1, 0, text.length, padding, 0])
    record.write(text, 8)
    return record
  }
  const end = Buffer.from([1, 3, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  const whole = Buffer.concat([output('Content-type: application/json\r\n\r\n{"pool"', 5), output(':"www"}', 1), end])
  expect(pageIn(whole)).toBe('{"pool":"www"}')
  for (let length = 0; length < whole.length; length += 1) expect(pageIn(whole.subarray(0, length))).toBeUndefined()
})
