/** What k6 tells of its starts and ends, and of the time its users were held, must agree; when a push of it got lost, they don't. */
import { expect } from 'vitest'
import { Accounts } from '../../../runner/engines/k6/accounts.ts'
import type { SecondPart } from '../../../runner/timeline.ts'
import { Timeline, totalOf } from '../../../runner/timeline.ts'
import { assess } from '../../../runner/validity/assess.ts'
import { constant } from '../../../scenarios/shapes.ts'
import { aRun } from '../../support/a-run.ts'
import { startConstantDelay } from '../../targets/delays.ts'
import { measure, testWithK6 } from '../engines/k6/measuring.ts'

const shape = constant({ rate: '100/s', duration: '8s' })
const users = 150

/** What k6 said itself; plans and users in use are made of it. */
const isTold = ({ planned, users: inUse, iterations }: SecondPart): boolean => planned === undefined && inUse === undefined && !iterations?.interrupted

const reasonsFor = (parts: readonly SecondPart[]): string[] => {
  const accounts = new Accounts(shape, users)
  const timeline = new Timeline()
  for (const part of parts) {
    accounts.observe(part)
    timeline.add(part)
  }
  for (const part of accounts.settle(8)) timeline.add(part)
  const seconds = timeline.seconds()
  const { iterations } = totalOf(seconds)
  return assess({ ...aRun({ rate: 100, seconds: 8 }), iterations, timeline: seconds }).reasons.map(({ code }) => code)
}

testWithK6('a lost push of k6 shows: users in use and the times they were held contradict each other', async () => {
  const target = await startConstantDelay(400)
  const { parts, ending } = await measure({
    target: target.url,
    scenario: "export default scenario({ journeys: [{ weight: 1, journey: journey('visit', ({ http }) => http.get('/')) }] })",
    shape,
    plan: { users },
  })
  await target.stop()
  expect(ending?.state).toBe('completed')
  const told = parts.filter(isTold)
  expect(reasonsFor(told)).not.toContain('littles-law')
  // Journeys that ended in it had begun before, and what began in it ended later: only their times are gone.
  expect(reasonsFor(told.filter(({ second }) => second !== 3 && second !== 4))).toContain('littles-law')
})
