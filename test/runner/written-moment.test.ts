import { describe, expect, test } from 'vitest'
import { loggedMoment, momentOfRow, writtenMoment } from '../../runner/written-moment.ts'

const at = Date.parse('2026-11-22T10:00:05Z') / 1000

describe('a moment in a line of a log', () => {
  // The first is the example of Apache's documentation of its logs.
  test.each([
    ['127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326', Date.parse('2000-10-10T20:55:36Z') / 1000],
    ['::1 - - [22/Nov/2026:15:30:05 +0530] "GET / HTTP/1.1" 200 5', at],
  ])('%s', (line, expected) => expect(loggedMoment(line)).toBe(expected))

  test.each(['', '[22/Foo/2026:10:00:05 +0000]', '[32/Nov/2026:10:00:05 +0000]', '[22/Nov/2026:25:00:05 +0000]'])('%j has none', (line) =>
    expect(loggedMoment(line)).toBeUndefined(),
  )
})

describe('a moment in a field', () => {
  test.each<[unknown]>([
    ['2026-11-22T10:00:05Z'],
    ['2026-11-22T11:00:05+01:00'],
    ['2026-11-22T11:00:05+0100'],
    // Without a zone: UTC, wherever it is read.
    ['2026-11-22T10:00:05'],
    ['2026-11-22 10:00:05'],
    ['22/Nov/2026:10:00:05 +0000'],
    ['Sun, 22 Nov 2026 10:00:05 GMT'],
    [at],
    [at * 1000],
    [String(at)],
  ])('%j', (value) => expect(writtenMoment(value)).toBe(at))

  test.each<[unknown]>([['soon'], [''], [null], [undefined], [2026], ['2026-11-'], ['2026-13-40T00:00:00Z'], ['5'], ['hour 5'], ['Nov 22 2026 10:00'], [{}]])(
    '%j is none',
    (value) => expect(writtenMoment(value)).toBeUndefined(),
  )

  test('of a row: the first field that holds one', () => {
    expect(momentOfRow({ time: 'soon', ts: at })).toBe(at)
    expect(momentOfRow({ status: 200 })).toBeUndefined()
  })
})
