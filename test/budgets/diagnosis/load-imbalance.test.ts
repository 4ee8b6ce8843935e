import { describe, expect, test } from 'vitest'
import type { Series } from '../../../runner/run.ts'
import { illnessesOf, names, step, well } from '../../support/a-case.ts'

/** Series of three instances alike, by their three values. */
const three = (what: string, unit: string, values: readonly [number, number, number], limit: number | null = null): Series[] =>
  values.map((value, index) => step(`shop-${index + 1}.${what}`, unit, value, value * 1.02, limit))
/** Every third request meets the slow one. */
const oneInThree = { latency: ({ n }: { readonly n: number }) => (n % 3 === 1 ? 400 : 15) }

describe('one instance of three', () => {
  test('that is slower is named, with the share of requests that is not the reason', () => {
    const probes = [
      ...three('requests', '/s', [33, 33.2, 32.9]),
      ...three('under_way', 'count', [0.5, 13, 0.5]),
      ...three('response_time', 'ms', [14, 396, 15]),
      ...three('cpu', 'cores', [0.1, 0.12, 0.1]),
    ]
    const [illness, ...others] = illnessesOf(well(probes, oneInThree))
    expect(illness).toMatchObject({ illness: 'load-imbalance', name: 'One instance is slower than the others' })
    expect(illness?.evidence.join(' ')).toMatch(
      /response_time was 4\d\d ms at shop-2, and shop-\d 1\d(\.\d)? ms, shop-\d 1\d(\.\d)? ms\..*about the same number of requests.*p50 of response time is 1\d(\.\d)? ms and p95 4\d\d ms/,
    )
    expect(illness?.remedy.join(' ')).toContain('least_conn')
    expect(others).toEqual([])
  })

  test('that gets most of the requests is named for that', () => {
    const probes = [...three('requests', '/s', [80, 10, 10]), ...three('cpu', 'cores', [0.9, 0.1, 0.1])]
    const [illness] = illnessesOf(well(probes, oneInThree))
    expect(illness).toMatchObject({ illness: 'load-imbalance', name: 'Load shared unevenly' })
    expect(illness?.evidence.join(' ')).toMatch(/Requests are shared unevenly: shop-1 8\d(\.\d)?\/s, shop-/)
  })

  test('without a count of requests the reason is unknown, and said to be', () => {
    const [illness] = illnessesOf(well(three('event_loop', 'ratio', [0.1, 0.7, 0.1], 1), oneInThree))
    expect(illness?.evidence.join(' ')).toContain('How many requests each of them got is unknown')
  })
})

describe('no imbalance', () => {
  const slower = three('response_time', 'ms', [14, 396, 15])
  test('where users do not meet it', () => expect(names(well(slower))).toEqual([]))
  test('where all are alike and slow now and then', () => expect(names(well(three('response_time', 'ms', [140, 150, 145]), oneInThree))).toEqual([]))
  test('between services that are not instances of one', () => {
    const probes = [step('cache.cpu', 'cores', 0.05, 0.05), step('app.cpu', 'cores', 0.9, 0.9), step('host.cpu', 'cores', 1, 1, 2)]
    expect(names(well(probes, oneInThree))).toEqual([])
  })
})
