import { expect, test } from 'vitest'
import { attribute } from '../../../budgets/attribution/attribute.ts'
import { diagnose, remarks } from '../../../budgets/diagnosis/diagnose.ts'
import { answer, peakOf } from '../../../budgets/questions/answer.ts'
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
  const attribution = attribute(of, [])
  const known = { endpoints, startedAt: of.startedAt, durationSeconds: of.durationSeconds, clockOffset: 0, peak: peakOf(of), breachAt: attribution.breach?.at }
  const findings = { attribution, illnesses: diagnose(of, attribution), remarks: remarks(of, attribution) }
  return answer(of, readQuestion(question, known), findings).lines.join('\n')
}

test('a moment is told beside the rest of the run, with what was full then', () => {
  const told = ask('why did latency of /search spike at 0:45?')
  expect(told).toMatch(/p95 of response time of GET \/search at 0:45 \(00:00:45 UTC\) was [89]\d\d ms \(\d+ answers\); before 0:40 it was \d+ ms/)
  expect(told).toContain('- app.cpu, since 0:40: 100 % of 0.25 cores')
  expect(told).not.toContain('Errors')
})

test('a calm moment has nothing full, and says when it began', () => {
  const told = ask('latency at 0:15')
  expect(told).toContain('No resource that was watched was at its limit then')
  expect(told).toMatch(/The run left its normal at 0:40, which is after the time that was asked for/)
})

test('a resource is told with its limit, or that it has none', () => {
  expect(ask('cpu at 0:45')).toContain(
    'app.cpu was 0.25 cores at 0:45 (00:00:45 UTC), 0.05 cores before 0:40; at most 0.25 cores at 0:40 (00:00:40 UTC), 100 % of its limit of 0.25 cores.',
  )
  expect(ask('memory')).toContain('app.memory was 100 MB all along; no limit is known.')
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

const poolRun = aRun({
  shape: holds([20, breaks], [80, seconds - breaks]),
  latency: ({ t }) => (t < breaks ? 20 : 900),
  probes: [
    aSeries('postgres.connections', 'count', seconds, (at) => (at < breaks ? 3 : 6), 97),
    aSeries('postgres.active', 'count', seconds, (at) => (at < breaks ? 1 : 5)),
    aSeries('postgres.waiting_for_locks', 'count', seconds, () => 0),
    aSeries('target.cpu', 'cores', seconds, () => 0.2, 2),
  ],
})

test('a full pool is not the database, and more instances are told with what they would hold', () => {
  expect(ask('is it the database?', poolRun)).toMatch(/^Not the database itself, but what leads to it\. postgres\.pool reached 5 of 5/)
  expect(ask('would more instances help?', poolRun)).toContain('two would have 10 connections of the 97 that the server allows')
})

test('what is not the cause is answered with no, and what the cause was', () => {
  expect(ask('why not CPU?', poolRun)).toBe(
    'No: CPU had room. What broke first was postgres.pool.\ntarget.cpu was 0.2 cores all along, 10 % of its limit of 2 cores.',
  )
  expect(ask('are there locks?', poolRun)).toMatch(/^No: there was nothing of it\. What broke first was postgres\.pool\./)
})

test('what is the cause is answered with yes and how sure that is', () => {
  expect(ask('is it the CPU?')).toMatch(/^Yes, with high confidence\. app\.cpu reached 0\.25 cores of 0\.25 cores/)
  expect(ask('would more instances help?')).toMatch(/^Probably, if requests are spread evenly and each instance has a CPU of its own\./)
})

test('where nothing tells of it, the answer is unknown, and where nothing broke it is no', () => {
  expect(ask('is it the database?')).toBe(
    'Unknown. Nothing that was watched tells of the database. Add a probe for it to the configuration (postgres or mysql), and run again.',
  )
  const well = aRun({ seconds, rate: 20, probes: [aSeries('app.cpu', 'cores', seconds, () => 0.05, 0.25)] })
  expect(ask('is it the CPU?', well)).toMatch(/^No: nothing broke in this run\.\napp\.cpu was 0\.05 cores all along, 20 % of its limit/)
  expect(ask('what is the bottleneck?', well)).toContain('Nearest to its limit came app.cpu: 0.05 cores of 0.25 cores (20 %)')
  expect(ask('would more instances help?', well)).toContain('nothing broke at up to 20/s arrivals')
})

test('no cause, no verdict', () => {
  const unwatched = aRun({ shape: holds([20, breaks], [80, seconds - breaks]), latency: ({ t }) => (t < breaks ? 20 : 900) })
  expect(ask('would more instances help?', unwatched)).toMatch(/^Unknown, because no cause can be named\./)
})

test('statements that were looked at more than once are told of a moment', () => {
  const history = [
    { from: 0, until: 10, calls: 100, total: 400 },
    { from: 40, until: 50, calls: 100, total: 9000 },
  ]
  const query = { probe: 'postgres', kind: 'query', subject: 'select 1', values: { calls: 200, total: 9400, mean: 47, share: 1 }, history }
  expect(ask('which queries were slow at 0:45?', { ...run, observations: [query] })).toContain(
    '100 calls of 90 ms, 4 ms before 0:40 (counts are read each ten seconds)',
  )
})

test('endpoints are told from the slowest on, or from the one with most failures', () => {
  expect(ask('which endpoints are slow?')).toMatch(
    /^Of 2 endpoints over the whole run, by p95 of response time:\n- GET \/search: \d+ ms \([\d,]+ answers\)\n- GET \/:/,
  )
  expect(ask('which endpoints failed?')).toBe('No endpoint had failures over the whole run.')
})
