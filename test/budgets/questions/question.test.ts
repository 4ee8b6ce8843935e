import { describe, expect, test } from 'vitest'
import { readQuestion } from '../../../budgets/questions/question.ts'

const known = {
  endpoints: ['GET /', 'GET /search', 'POST /checkout', 'GET /products/:id'],
  startedAt: '2026-11-21T15:01:30.000Z',
  durationSeconds: 120,
  clockOffset: 0,
  peak: { from: 50, until: 80 },
  breachAt: 55,
}
const read = (question: string, more: Partial<typeof known> = {}) => readQuestion(question, { ...known, ...more })

describe('moments', () => {
  test.each([
    { question: 'why did latency spike at 15:02?', from: 30, until: 90, because: 'a minute of the day' },
    { question: 'what happened at 15:02:30', from: 55, until: 65, because: 'a second of the day' },
    { question: 'errors at 0:45?', from: 40, until: 50, because: 'since the start: the run did not go on at a quarter to one' },
    { question: 'slow after 90 s', from: 85, until: 95, because: 'a length' },
    { question: 'cpu at 1.5 min', from: 85, until: 95, because: 'a length in minutes' },
    { question: 'what happened between 0:30 and 0:40?', from: 30, until: 40, because: 'a stretch since the start' },
    { question: 'errors from 30 s to 1 min', from: 30, until: 60, because: 'a stretch in lengths' },
    { question: 'between 15:02:00 and 15:02:30', from: 30, until: 60, because: 'a stretch of the day' },
    { question: 'errors since 1:00', from: 60, until: 120, because: 'all that followed' },
    { question: 'latency before 0:40', from: 0, until: 40, because: 'all that came before' },
    { question: 'in the last 30 s', from: 90, until: 120, because: 'counted from the end' },
    { question: 'why was it slow at the end?', from: 110, until: 120, because: 'the last ten seconds' },
    { question: 'cpu during the spike', from: 50, until: 80, because: 'the highest load' },
    { question: 'latency before the spike', from: 0, until: 50, because: 'what came before the highest load' },
    { question: 'how slow was it before it broke?', from: 0, until: 55, because: 'the run’s normal' },
    { question: 'memory at 0:02', from: 0, until: 7, because: 'no time before the start' },
  ])('"$question" is $from to $until: $because', ({ question, from, until }) => {
    expect(read(question).moment).toMatchObject({ from, until })
  })

  test('the clock is the one of who asks', () => {
    expect(read('at 16:02?', { clockOffset: 60 }).moment).toMatchObject({ from: 30, until: 90 })
    expect(read('at 15:02?', { clockOffset: 60 }).moment).toBeUndefined()
  })

  test('a run over midnight has times of the next day', () => {
    expect(read('at 00:01?', { startedAt: '2026-11-21T23:59:30.000Z' }).moment).toMatchObject({ from: 90, until: 120 })
  })

  test('a time of none of its seconds is told with those it has', () => {
    expect(read('why at 18:30?').outside).toBe('18:30 is no time of this run: it went on from 15:01:30 to 15:03:30, which is 0:00 to 2:00 after its start.')
    expect(read('at 300 s').outside).toContain('is after the end of this run, which lasted 2:00')
  })
})

test('a spike is a moment only where it is named as one, and a run without has none', () => {
  expect(read('why did latency spike?').moment).toBeUndefined()
  expect(readQuestion('cpu during the spike', { ...known, peak: undefined }).outside).toBe('This run has no spike: its load was the same all along.')
  expect(readQuestion('errors after it broke', { ...known, breachAt: undefined }).outside).toContain('never left its normal')
})

describe('what is asked', () => {
  test.each([
    ['why did latency spike?', 'asksWhy'],
    ['what broke first?', 'asksWhy'],
    ['what is the bottleneck?', 'asksWhy'],
    ['is it the database?', 'asksWhether'],
    ['is there a memory leak?', 'asksWhether'],
    ['why not CPU?', 'asksWhether'],
    ['did we run out of connections?', 'asksWhether'],
    ['would more instances help?', 'asksForMore'],
    ['should we scale out?', 'asksForMore'],
    ['do we need a bigger machine?', 'asksForMore'],
    ['when did it get slow?', 'asksWhen'],
    ['which endpoints are slow?', 'asksWhichEndpoint'],
  ] as const)('"%s" %s', (question, kind) => {
    const asked = read(question)
    const kinds = ['asksWhy', 'asksWhether', 'asksForMore', 'asksWhen', 'asksWhichEndpoint'] as const
    expect(kinds.filter((each) => asked[each])).toEqual([kind])
    expect(asked.unknown).toEqual([])
  })

  test('figures that are asked for are no question why', () => {
    expect(read('cpu at 0:45')).toMatchObject({ asksWhy: false, asksWhether: false })
    expect(read('why was it slow at 0:50?')).toMatchObject({ asksWhy: true, asksWhether: false })
  })
})

describe('endpoints', () => {
  test.each([
    ['why is GET /search slow?', 'GET /search'],
    ['why is /search slow?', 'GET /search'],
    ['did checkout fail?', 'POST /checkout'],
    ['how slow were products at 0:45', 'GET /products/:id'],
    ['why did latency spike?', undefined],
  ])('%s asks of %s', (question, endpoint) => {
    expect(read(question).endpoint).toBe(endpoint)
  })
})

test.each([
  ['why did the database lock up?', ['locks', 'database']],
  ['cpu and memory at 0:45', ['cpu', 'memory']],
  ['response times of checkout', ['latency']],
  ['which queries were slow?', ['queries']],
  ['what broke first?', []],
  ['is it a retry storm?', ['retries']],
])('"%s" is about %j', (question, topics) => {
  expect(read(question).topics).toEqual(topics)
})

test('words that say nothing to us are told, and ordinary ones are not', () => {
  expect(read('why did the kubernetes ingress get slow at 0:45?').unknown).toEqual(['kubernetes', 'ingress'])
})
