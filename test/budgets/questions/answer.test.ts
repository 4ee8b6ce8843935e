import { expect, test } from 'vitest'
import { attribute } from '../../../budgets/attribution/attribute.ts'
import { answer } from '../../../budgets/questions/answer.ts'
import { readQuestion } from '../../../budgets/questions/question.ts'
import type { Run } from '../../../runner/run.ts'
import { aRun, holds } from '../../support/a-run.ts'
import { aSeries } from '../../support/a-series.ts'

const seconds = 60
const breaks = 40
const run = aRun({
  shape: holds([20, breaks], [40, seconds - breaks]),
  endpoints: ['GET /', 'GET /search'],
  latency: ({ t, endpoint }) => (endpoint === 'GET /search' && t >= breaks ? 900 : 20),
  probes: [aSeries('app.cpu', 'cores', seconds, (at) => (at < breaks ? 0.05 : 0.25), 0.25), aSeries('app.memory', 'bytes', seconds, () => 1e8)],
})
const ask = (question: string, of: Run = run): string => {
  const endpoints = [...new Set(of.endpoints.map(({ endpoint }) => endpoint))]
  const read = readQuestion(question, { endpoints, startedAt: of.startedAt, durationSeconds: of.durationSeconds, clockOffset: 0 })
  return answer(of, read, attribute(of, [])).join('\n')
}

test('a moment is told beside the rest of the run, with what was full then', () => {
  const told = ask('why did latency of /search spike at 0:45?')
  expect(told).toMatch(/p95 of response time of GET \/search at 0:45 was [89]\d\d ms \(\d+ answers\); before 0:40 it was \d+ ms/)
  expect(told).toContain('- app.cpu, since 0:40: 100 % of 0.25 cores')
  expect(told).not.toContain('Errors')
})

test('a calm moment has nothing full, and says when it began', () => {
  const told = ask('latency at 0:15')
  expect(told).toContain('No resource that was watched was at its limit then')
  expect(told).toMatch(/The run left its normal at 0:40, which is after the time that was asked for/)
})

test('a resource is told with its limit, or that it has none', () => {
  expect(ask('cpu at 0:45')).toContain('app.cpu was 0.25 cores at 0:45, 0.05 cores before 0:40, at most 0.25 cores at 0:40; its limit is 0.25 cores.')
  expect(ask('memory')).toContain('app.memory was 100 MB in the middle, at most 100 MB at 0:00; its limit is not known.')
})

test('what was not watched is said', () => {
  expect(ask('any locks?')).toContain('Nothing that was watched tells of locks.')
  expect(ask('which queries were slow?')).toContain('No statement was watched.')
})

test('too few answers make no percentile', () => {
  const few = aRun({ seconds: 60, rate: 1 })
  expect(ask('latency at 0:30', few)).toMatch(/was unknown \(\d+ answers, 20 are needed\)/)
})

test('a question with nothing in it says what can be asked', () => {
  expect(ask('how is the weather')).toContain('Not understood: "weather". It understands a time')
})
