import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { readHistory } from '../../runner/request-history.ts'

const cwd = mkdtempSync(join(tmpdir(), 'perf-history-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))
const read = (text: string) => {
  const file = join(cwd, 'history')
  writeFileSync(file, text)
  return readHistory(file, 'history')
}
const noon = Date.parse('2026-11-20T12:00:00Z') / 1000

describe('requests of the past', () => {
  test('as CSV, with a header or without, hours in any order; one that is missing is a gap', async () => {
    const rows = '2026-11-20T12:00:00Z,100\n2026-11-20 14:00:00,300\n2026-11-20T13:30:00+01:00,5\n'
    const expected = { from: noon, hours: [105, null, 300], busiestMinute: undefined }
    expect(await read(rows)).toEqual(expected)
    expect(await read(`hour,requests\n${rows}`)).toEqual(expected)
  })

  test('as NDJSON, with seconds or milliseconds of the epoch', async () => {
    const lines = [
      { time: noon, requests: 7 },
      { timestamp: (noon + 3600) * 1000, count: 8 },
    ].map((line) => JSON.stringify(line))
    expect((await read(lines.join('\n'))).hours).toEqual([7, 8])
  })

  test('as an access log: whole hours, those without a line had no request, and the busiest minute', async () => {
    const line = (time: string): string => `203.0.113.7 - - [20/Nov/2026:${time} +0100] "GET / HTTP/1.1" 200 512 "-" "curl/8"`
    const log = [
      line('12:59:59'),
      ...Array.from({ length: 60 }, (_, at) => line(`13:${String(at).padStart(2, '0')}:00`)),
      ...Array.from({ length: 60 }, () => line('13:07:30')),
      line('15:00:01'),
      line('16:10:00'),
    ]
    // 13:00 in Berlin is noon in UTC; the hours of 12:59 and 16:10 are not whole.
    expect(await read(log.join('\n'))).toEqual({ from: noon, hours: [120, 0, 1], busiestMinute: 30.5 })
  })

  test('packed, and with a moment that no calendar has', async () => {
    const file = join(cwd, 'history.gz')
    const day = (name: string): string => `::1 - - [${name}/Nov/2026:12:30:00 +0000] "GET / HTTP/1.1" 200 5\n`
    writeFileSync(file, gzipSync(`${day('20').repeat(150)}${day('32')}${day('21').repeat(150)}`))
    const { from, hours } = await readHistory(file, 'history.gz')
    expect(from).toBe(noon + 3600)
    expect(hours).toEqual(Array(23).fill(0))
  })

  test('a line that is cut off does no harm, many do', async () => {
    const rows = Array.from({ length: 200 }, (_, at) => `${new Date((noon + 3600 * at) * 1000).toISOString()},5`)
    expect((await read([...rows.slice(0, 100), '2026-11-', ...rows.slice(100)].join('\n'))).hours.length).toBe(200)
    await expect(read(['hour,requests', 'a,1', 'b,2', ...rows.slice(0, 9)].join('\n'))).rejects.toThrow(
      "History history holds 2 of 12 lines, the first of them line 2, that can't be understood.",
    )
    await expect(read('nothing here')).rejects.toThrow('History history holds no line that can be understood.')
    await expect(readHistory(join(cwd, 'none'), 'none')).rejects.toThrow("History none can't be read (ENOENT).")
  })
})
