/** Seeded series with known properties, for simulations of what a statistic makes of them. */
import { randomFrom } from '../../../scenarios/shape.ts'

/** Standard normal draws (Box & Muller 1958). */
export const normalFrom = (seed: number): (() => number) => {
  const random = randomFrom(seed)
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Noise whose neighbours correlate by `correlation`, of standard deviation `deviation`: an AR(1) process in its steady state. */
export const noiseOf = (normal: () => number, length: number, correlation: number, deviation: number): number[] => {
  let value = normal() * deviation
  return Array.from({ length }, () => {
    const now = value
    value = correlation * value + Math.sqrt(1 - correlation ** 2) * deviation * normal()
    return now
  })
}

/** Response times in ms of a single server with Poisson arrivals and exponential service, by the second in which each arrives. */
export const queueOf = (seed: number, seconds: number, arrivals: number, service: number): number[][] => {
  const random = randomFrom(seed)
  const exponential = (rate: number): number => -Math.log(1 - random()) / rate
  const found = Array.from({ length: seconds }, (): number[] => [])
  let busyUntil = -60
  // A minute of the queue passes first, so that it does not begin empty.
  for (let now = -60 + exponential(arrivals); now < seconds; now += exponential(arrivals)) {
    busyUntil = Math.max(now, busyUntil) + exponential(service)
    found[Math.floor(now)]?.push((busyUntil - now) * 1000)
  }
  return found
}
