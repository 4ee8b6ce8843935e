/** What `import … from 'scale-surgeon'` gives a scenario file. */
export {
  type BatchRequest,
  counter,
  csv,
  type Feed,
  type Http,
  type HttpResponse,
  type Journey,
  type Json,
  journey,
  json,
  type Metric,
  type RequestOptions,
  type Scenario,
  scenario,
  trend,
  type VirtualUser,
} from './journey.ts'
export { type Arrivals, arrivalsDue, dueAt, durationOf, peakRate, rateAt, type Shape, totalArrivals } from './shape.ts'
export { constant, plateau, poisson, ramp, sequence, spike, staircase, step, viral } from './shapes.ts'
export { type Duration, type PerSecond, perSecond, type Rate } from './units.ts'
