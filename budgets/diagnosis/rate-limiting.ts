/** Somebody turned requests away on purpose. The figures are then the limiter's and not the target's. */
import { count, percent } from '../figure.ts'
import { again, type Diagnosis } from './illness.ts'

const fewest = { requests: 10, share: 0.01 } as const

export const rateLimiting: Diagnosis = (seen) => {
  const { run } = seen
  const of = (kind: string): number => run.endpoints.reduce((sum, { errors }) => sum + (errors[kind] ?? 0), 0)
  const [tooMany, forbidden] = [of('HTTP 429'), of('HTTP 403')]
  const turnedAway = tooMany + forbidden
  if (turnedAway < fewest.requests || turnedAway < fewest.share * run.load.completed) return undefined
  // Who forbids everything from the first request on asks for a password; that is no limit of a rate.
  if (tooMany === 0 && turnedAway >= 0.99 * run.load.completed) return undefined
  const passed = Array.from(run.timeline, ({ cells }) => cells.reduce((sum, cell) => sum + (cell.outcome === 'success' ? cell.count : 0), 0))
  const most = passed.reduce((highest, each) => Math.max(highest, each), 0)
  return {
    illness: 'rate-limiting',
    name: 'Rate limiting',
    evidence: [
      `${count(turnedAway)} of ${count(run.load.completed)} requests (${percent(turnedAway / run.load.completed, 2)}) were turned away: ${count(tooMany)} with 429, ${count(forbidden)} with 403.`,
      `At most ${count(most)} a second were let through. Beyond that the figures are the limiter's, and say nothing of what stands behind it.`,
    ],
    remedy: [
      "Have the generator's addresses exempted from the limit for the length of the test, in nginx for one: geo $limited { default 1; 10.0.0.0/8 0; } map $limited $key { 0 ''; 1 $binary_remote_addr; } limit_req_zone $key …",
      'If the limit is meant for users too, it works; test below it.',
    ],
    confirm: again(seen, 'no answer with 429 or 403'),
  }
}
