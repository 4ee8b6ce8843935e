/**
 * Where the knee of a queue lies, 95 %, by drawing again what it rests on: the answers of the calm, as many as chance would have made of each
 * length, and the time of a server for a request within its own interval. Source: Efron & Tibshirani, An Introduction to the Bootstrap, 1993.
 */
import { mean } from '../../runner/stats/few.ts'
import { type Histogram, midpoint } from '../../runner/stats/histogram.ts'
import { randomFrom } from '../../scenarios/shape.ts'
import { kneeUnder, type Pool, withoutLoad } from './queue-model.ts'
import { rateInterval } from './rate-interval.ts'
import type { ServiceDemand } from './service-demand.ts'
import type { Objective } from './step-judge.ts'

const repetitions = 60 // their spread is known to a tenth then
const seed = 1 // the same run says the same
const normalQuantile = 1.959964 // of 97.5 %
const many = 30 // from which on Poisson's law is as good as normal

const normal = (random: () => number): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** A number by Poisson's law. */
const chance = (mean: number, random: () => number): number => {
  if (mean >= many) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)))
  const limit = Math.exp(-mean)
  let drawn = 0
  for (let product = random(); product > limit; product *= random()) drawn += 1
  return drawn
}

const redrawn = (times: Histogram, random: () => number): Histogram => {
  const buckets: number[] = []
  let [count, sum] = [0, 0]
  for (let at = 0; at < times.buckets.length; at += 2) {
    const bucket = times.buckets[at] as number
    const drawn = chance(times.buckets[at + 1] as number, random)
    if (drawn === 0) continue
    buckets.push(bucket, drawn)
    count += drawn
    sum += drawn * midpoint(bucket)
  }
  return count === 0 ? times : { ...times, buckets, count, sum }
}

/** @param calmRate per second, at which the calm times were measured @param rate the knee itself */
export const kneeInterval = (
  { calm, servers, service, arrivals }: Pool,
  calmRate: number,
  demand: ServiceDemand,
  objective: Objective,
  rate: number,
): { readonly low: number; readonly high: number } => {
  const random = randomFrom(seed)
  const full = servers / service
  const spread = (rateInterval(demand, full).high / full - 1) / normalQuantile
  const knees = Array.from({ length: repetitions }, () => {
    const drawn = { servers, arrivals, service: service / Math.max(0.1, 1 + spread * normal(random)), calm: redrawn(calm, random) }
    return kneeUnder(withoutLoad(drawn, calmRate), objective)
  })
  const middle = mean(knees)
  const half = normalQuantile * Math.sqrt(mean(knees.map((knee) => (knee - middle) ** 2)))
  return { low: Math.max(0, rate - half), high: rate + half }
}
