import { describe, expect, test } from 'vitest'
import { attribute } from '../../../budgets/attribution/attribute.ts'
import { diagnose } from '../../../budgets/diagnosis/diagnose.ts'
import type { Illness } from '../../../budgets/diagnosis/illness.ts'
import type { Run, Series } from '../../../runner/run.ts'
import { aRun, holds } from '../../support/a-run.ts'
import { aSeries } from '../../support/a-series.ts'

const illnessesOf = (run: Run): Illness[] => diagnose(run, attribute(run, []))
const names = (run: Run): string[] => illnessesOf(run).map(({ illness }) => illness)
const seconds = 60
const even = (probes: readonly Series[]): Run => aRun({ seconds, rate: 50, probes })
const queue = (value: (at: number) => number, name = 'jobs.queue_length', unit = 'count', limit: number | null = null): Series =>
  aSeries(name, unit, seconds, value, limit)
const jitter = (at: number): number => (at * 7) % 5

describe('a queue under an even load', () => {
  test('that grows by 12 a second is named, with its pace and that no limit is known', () => {
    const [illness] = illnessesOf(even([queue((at) => 8 + 12 * at + jitter(at))]))
    expect(illness?.illness).toBe('queue-growth')
    expect(illness?.evidence[0]).toMatch(/^jobs\.queue_length grew by 1[12](\.\d)?\/s \[.*\] under an even load for 60 s, from 8 at 0:00 to 6\d\d/)
    expect(illness?.evidence).toContain('No limit of it is known: it grows until whoever keeps it has no memory or disk left.')
    expect(illness?.evidence.at(-1)).toMatch(/stayed normal: who waits for what is in the queue feels it/)
  })

  test('tells when its limit is reached, as a range', () => {
    const [illness] = illnessesOf(even([queue((at) => 3 * at + jitter(at), 'php-fpm.listen_queue', 'count', 511)]))
    expect(illness?.evidence[1]).toMatch(/its limit of 511 is reached in 1\.\d min, between 1\.\d min and [12]\.\d min\./)
  })

  test('of a broker that is asked each 5 s, with what goes in and out and how long it takes', () => {
    const each5 = (name: string, unit: string, value: (at: number) => number): Series => {
      const at = Array.from({ length: 12 }, (_, index) => 5 * index)
      return { name, unit, limit: null, at, values: at.map(value) }
    }
    const probes = [
      each5('rabbitmq.depth.mail.sent', 'count', (at) => 12 * at),
      each5('rabbitmq.published.mail.sent', '/s', () => 45),
      each5('rabbitmq.delivered.mail.sent', '/s', () => 33),
      each5('rabbitmq.in_flight.mail.sent', 'count', (at) => at * 20),
    ]
    const [illness, ...others] = illnessesOf(even(probes))
    expect(illness?.evidence.slice(0, 2)).toEqual([
      expect.stringMatching(/^rabbitmq\.depth\.mail\.sent grew by 12\/s/),
      '45/s were put in and 33/s taken out: what is put in now waits 20 s.',
    ])
    expect(others).toEqual([])
  })

  test('that grows after a step is named for that stretch', () => {
    const shape = holds([20, 34], [60, 26])
    const run = aRun({ shape, probes: [queue((at) => (at < 34 ? jitter(at) : 20 * (at - 34) + jitter(at)))] })
    expect(illnessesOf(run)[0]?.evidence[0]).toContain('under an even load for 26 s')
  })

  test.each([
    ['is steady', (at: number) => 40 + 3 * jitter(at)],
    ['fills in a burst and drains', (at: number) => (at < 20 ? 30 * at : Math.max(0, 600 - 20 * (at - 20)))],
    ['settles', (at: number) => 300 * (1 - Math.exp(-at / 8)) + jitter(at)],
    ['fills again and again and is emptied each time', (at: number) => 50 * (at % 5)],
    ['grows by a few', (at: number) => Math.floor(at / 8)],
  ])('that %s is well', (_, value) => expect(names(even([queue(value)]))).toEqual([]))

  test('that follows a growing load is well', () => {
    const run = aRun({ shape: holds([20, 15], [40, 15], [60, 15], [80, 15]), probes: [queue((at) => 50 * Math.floor(at / 15) + jitter(at))] })
    expect(names(run)).toEqual([])
  })

  test.each([
    ['messages ever published', 'broker.messages_published', 'count'],
    ['keys', 'redis.keys', 'count'],
    ['a rate', 'broker.messages', '/s'],
  ])('%s may grow: they are no queue', (_, name, unit) => expect(names(even([queue((at) => 12 * at, name, unit)]))).toEqual([]))

  test('five readings tell no trend', () => {
    const series: Series = { name: 'jobs.queue_length', unit: 'count', limit: null, at: [0, 12, 24, 36, 48], values: [0, 100, 200, 300, 400] }
    expect(names(even([series]))).toEqual([])
  })
})
