/** Advice for tests: an instance that held 100 arrivals a second, an ordinary rate of 100/s and a launch. */
import { readFileSync } from 'node:fs'
import type { Advice } from '../../budgets/advice/advise.ts'
import { pricesSchema } from '../../budgets/advice/prices/prices.ts'
import { autoscalers } from '../../budgets/advice/scaling/autoscalers.ts'
import type { ScalingNeed } from '../../budgets/advice/scaling/need.ts'
import { recommendScaling } from '../../budgets/advice/scaling/recommend.ts'
import { declined } from '../../runner/stats/few.ts'

export const somePrices = pricesSchema.parse(JSON.parse(readFileSync(new URL('../../budgets/advice/prices/us-east-1.json', import.meta.url), 'utf8')))

/** @param peak arrivals per second @param rise seconds until it is reached */
export const aScalingNeed = (peak: number, rise: number): ScalingNeed => ({
  capacity: 100,
  startUp: 60,
  traffic: { base: 100, peak, rise, hold: 600 },
  longestWait: 0.5,
  tolerated: 0.001,
})

const best = { size: { vcpu: 1, gigabytes: 2 }, instances: 10, use: 0.5, capacity: 200, hourly: 10 * 0.04937 }

export const anAdvice = (changes: Partial<Advice> = {}): Advice => ({
  runs: ['long'],
  leftOut: [],
  expectation: { declined: false, peak: 800, over: 600, rise: 0, because: '' },
  ordinary: 100,
  startUp: 60,
  architecture: 'x86',
  longestWait: 0.5,
  requestsPerJourney: 2,
  held: 100,
  capacity: 100,
  isPredicted: false,
  useAtCapacity: 0.8,
  scaling: recommendScaling(aScalingNeed(800, 0), autoscalers.ecs),
  size: { declined: false, needed: { memory: 1 }, best, candidates: [best], isAlreadyRight: false, because: 'It serves.' },
  calm: 2,
  cost: {
    calm: { monthly: 72.1, perMillion: 0.137, currency: 'USD', instances: 2 },
    height: { monthly: 360.4, perMillion: 0.086, currency: 'USD' },
    perJourney: 1.7e-7,
    ways: [],
    instances: [],
    elsewhere: undefined,
  },
  trend: declined('Not asked.'),
  unused: [],
  ...changes,
})
