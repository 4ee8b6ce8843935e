import { describe, expect, test } from 'vitest'
import type { Series } from '../../../runner/run.ts'
import { breaks, illnessesOf, names, seconds, slow, well, withObservations } from '../../support/a-case.ts'
import { aSeries } from '../../support/a-series.ts'

const megabyte = 1e6
const space = (value: (at: number) => number, limit = 1000 * megabyte): Series => aSeries('host.disk_space.var', 'bytes', seconds, value, limit)
const uneven = (at: number): number => ((at * 13) % 7) * 0.05 * megabyte
const place = { probe: 'host', kind: 'place', subject: '/var', values: { series: 'var' } }

describe('a disk that fills', () => {
  test('at 2 MB a second has a date, as a range about the true one', () => {
    const run = withObservations(well([space((at) => (100 + 2 * at) * megabyte + uneven(at))], { startedAt: '2026-03-01T12:00:00.000Z' }), [place])
    const [illness] = illnessesOf(run)
    expect(illness).toMatchObject({ illness: 'disk-filling', name: 'Disk filling up' })
    expect(illness?.evidence[0]).toMatch(/^\/var took up 1[12]\d MB more each minute \[.*\], all the run long, and holds 218 MB of 1 GB \(22 %\)\.$/)
    // 1000 MB are reached at 450 s, which is 12:07:30.
    const [, from = '', to = ''] = /between (\S+ \S+) UTC and (\S+ \S+) UTC/.exec(illness?.evidence[1] ?? '') ?? []
    const [earliest, latest] = [from, to].map((text) => Date.parse(`${text.replace(' ', 'T')}Z`))
    const truth = Date.parse('2026-03-01T12:07:30Z')
    expect(earliest).toBeLessThanOrEqual(truth + 1000)
    expect(latest).toBeGreaterThanOrEqual(truth - 1000)
    expect((latest ?? 0) - (earliest ?? 0)).toBeLessThan(120_000)
    expect(illness?.remedy.join('\n')).toContain('du -xh --max-depth=2 /var')
  })

  test('of another machine is told by any probe whose series is called so', () => {
    const remote = aSeries('prometheus.disk_space_data', 'bytes', seconds, (at) => (100 + 2 * at) * megabyte + uneven(at), 1000 * megabyte)
    expect(illnessesOf(well([remote]))[0]?.evidence[0]).toMatch(/^data took up 120 MB more each minute/)
  })

  test('so slowly that a minute can say nothing of it is none', () => expect(names(well([space((at) => 100 * megabyte + at * 1000 + uneven(at))]))).toEqual([]))
  test('by one large file is none', () => expect(names(well([space((at) => (at < 30 ? 100 : 300) * megabyte + uneven(at))]))).toEqual([]))
  test('and is emptied again is none', () => expect(names(well([space((at) => (100 + 10 * (at % 10)) * megabyte)]))).toEqual([]))
  test('and levels off is none', () => expect(names(well([space((at) => (400 * (1 - Math.exp(-at / 8)) + 100) * megabyte + uneven(at))]))).toEqual([]))

  test('runs out of inodes while it has space', () => {
    const inodes = aSeries('host.inodes.var', 'count', seconds, (at) => 1000 + 100 * at + (at % 3), 20_000)
    const [illness] = illnessesOf(well([space(() => 100 * megabyte), inodes]))
    expect(illness).toMatchObject({ illness: 'disk-filling', name: 'Inodes being used up' })
    expect(illness?.evidence[0]).toMatch(/took up [56],\d{3} inodes more each minute/)
    expect(illness?.remedy.join('\n')).toContain("-printf '%h\\n' | sort | uniq -c")
  })
})

describe('a disk that is full', () => {
  const filled = space((at) => Math.min(64, 10 + 1.5 * at) * megabyte, 64 * megabyte)

  test('is named with the moment from which nothing could be written, and what broke first is the disk', () => {
    const run = withObservations(slow([filled], { startedAt: '2026-03-01T12:00:00.000Z', answer: ({ t }) => (t < breaks ? 20 : 'HTTP 500') }), [place])
    const [illness, ...others] = illnessesOf(run)
    expect(illness).toMatchObject({ illness: 'disk-filling', name: 'Disk full' })
    expect(illness?.evidence.join(' ')).toMatch(
      /\/var had no space left from 0:36 on \(2026-03-01 12:00:36 UTC\): 64 MB, all taken.*ENOSPC.*requests of this run failed/,
    )
    expect(others).toEqual([])
  })
  test('for a while, in which requests failed, is named too', () => {
    const emptied = space((at) => (at < 55 ? Math.min(64, 10 + 1.5 * at) : 5) * megabyte, 64 * megabyte)
    expect(names(slow([emptied], { answer: ({ t }) => (t < breaks || t > 55 ? 20 : 'HTTP 500') }))).toEqual(['disk-filling'])
  })
  test('from the beginning is none while nobody minds', () => expect(names(well([space(() => 1000 * megabyte)]))).toEqual([]))
})
