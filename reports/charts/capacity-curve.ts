/** What was served against what was offered, step by step of a rising load, with the rates at which watched resources would be full. */

import { breakingOrder } from '../../budgets/capacity/breaking-order.ts'
import { requestsPerJourney } from '../../budgets/capacity/requests-per-journey.ts'
import { type ServedStep, servedSteps } from '../../budgets/capacity/step-use.ts'
import { rate } from '../format.ts'
import type { Report } from '../report.ts'
import { type Chart, configOf, line, overNumbers, rounded } from './chart.ts'
import { kinds } from './palette.ts'

type Step = ServedStep & { /** Requests per second. */ readonly offered: number; readonly isHeld: boolean }

const fewestSteps = 3
const nearEnough = 2 // times the highest rate offered: a resource that is full far beyond it would press everything else to the axis

const stepsOf = (report: Report): Step[] => {
  const { run, breakpoint } = report
  const each = requestsPerJourney([run]) // arrivals and answers are counted alike then
  const firstBad = breakpoint?.found ? breakpoint.firstBad : Infinity
  return servedSteps(run)
    .filter(({ rate: planned }) => planned > 0)
    .map((step) => ({ ...step, offered: each * step.rate, isHeld: step.rate < firstBad }))
}

/** `undefined` where the load did not rise in steps, or nobody asked for the limit. */
export const capacityCurve = (report: Report): Chart | undefined => {
  const { breakpoint, capacity, sweep } = report
  if (capacity === undefined) return undefined
  const steps = sweep === undefined ? stepsOf(report) : []
  if (new Set(steps.map(({ rate: planned }) => planned)).size < fewestSteps) return undefined
  const most = Math.max(...steps.map(({ offered }) => offered))
  const ceilings = breakingOrder(capacity).order.filter((each) => each.rate <= nearEnough * most)
  const offered = [0, ...steps.map((step) => step.offered)].sort((a, b) => a - b)
  const at = new Map(steps.map((step) => [step.offered, step]))
  const servedWhere = (isHeld: boolean) =>
    offered.map((each) => {
      const step = at.get(each)
      return step !== undefined && step.isHeld === isHeld ? rounded(step.served) : null
    })
  const points = { showLine: false, pointRadius: 4, clip: 8 } as const
  const hasBroken = steps.some(({ isHeld }) => !isHeld)
  const config = configOf(
    'line',
    1,
    offered.map((each) => rounded(each) ?? 0),
    [
      line(hasBroken ? 'served, steps that held' : 'served', 'succeeded', servedWhere(true), points),
      ...(hasBroken ? [line('served, steps that broke', 'failed', servedWhere(false), { ...points, pointStyle: 'triangle' })] : []),
      line(
        'all of what was offered',
        'planned',
        offered.map((each) => rounded(each)),
        { pointRadius: 0, borderWidth: 1 },
      ),
      ...ceilings.slice(0, kinds).map((full, index) =>
        line(
          `${full.resource} full`,
          `kind${index}`,
          offered.map(() => rounded(full.rate)),
          { pointRadius: 0, borderDash: [6, 4], borderWidth: 1.5 },
        ),
      ),
    ],
    'successful requests per second',
  )
  return {
    id: 'capacity-curve',
    title: 'Served against offered',
    by: 'offered rate',
    within: 'capacity',
    lead: `${breakpoint?.because ?? `Up to ${rate(most)} were offered.`}${ceilings[0] === undefined ? '' : ` ${ceilings[0].because}`}`,
    config: overNumbers(config, { title: 'requests offered per second', from: 0, until: most }),
    canBeLogarithmic: false,
    table: {
      heads: ['Offered', 'Served', 'State'],
      rows: steps.map(({ offered: asked, served, isHeld }) => [rate(asked), rate(served), isHeld ? 'held' : 'broke']),
    },
  }
}
