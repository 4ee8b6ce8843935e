/** A shape in the only terms k6 knows: whole numbers of iterations per time unit, in straight pieces. */
import { type Segment, type Shape, totalArrivals } from '../../../scenarios/shape.ts'
import type { Seconds } from '../../../scenarios/units.ts'
import { EngineError } from '../../errors/engine-error.ts'
import { lead } from './due.ts'

/** `duration` in nanoseconds, `target` in iterations per {@link timeUnit}. */
export type Stage = { readonly nanoseconds: number; readonly target: number }
export type Stages = { readonly startRate: number; readonly stages: readonly Stage[] }

/** Seconds in which k6 counts its rates: whole numbers of arrivals in 10⁶ s are rates in steps of a millionth per second. */
export const timeUnit = 1e6

/** Seconds of no load after the shape: k6's clock starts up to 15 ms late, and without a tail the last arrivals would fall off its end. */
export const tail = 1

const perUnit = (rate: number): number => Math.round(rate * timeUnit)
const nanoseconds = (duration: Seconds): number => Math.round(duration * 1e9)

type Line = { readonly from: number; readonly to: number; readonly duration: Seconds }

/** An exponential fall as straight lines, each as large in area as the curve above it, so that no arrival is won or lost on the way. */
const linesOf = (segment: Segment, shape: Shape): Line[] => {
  if (segment.kind === 'linear') return [segment]
  // A twentieth of tau keeps an arrival's due time within microseconds of the curve's own.
  const pieces = Math.max(1, Math.ceil(segment.duration / Math.min(1, segment.tau / 20)))
  const duration = segment.duration / pieces
  const alone: Shape = { ...shape, segments: [segment] }
  const at = (t: Seconds) => segment.floor + (segment.from - segment.floor) * Math.exp(-t / segment.tau)
  return Array.from({ length: pieces }, (_, piece) => {
    const [start, end] = [piece * duration, (piece + 1) * duration]
    const excess = (at(start) + at(end)) / 2 - totalArrivals(alone, start, end) / duration
    return { from: Math.max(0, at(start) - excess), to: Math.max(0, at(end) - excess), duration }
  })
}

/** Ticks that k6 makes of the stages: its own sum, in the same order and in the same floating point. Source: k6 v1.8.1, ramping_arrival_rate.go, cal. */
export const ticksOf = ({ startRate, stages }: Stages): number => {
  const unit = timeUnit * 1e9
  let from = startRate / unit
  let area = 0
  for (const stage of stages) {
    const to = stage.target / unit
    area += from === to ? stage.nanoseconds * to : stage.nanoseconds * ((to - from) / 2 + from)
    from = to
  }
  return Math.floor(area)
}

/**
 * @param planned arrivals the shape plans; what rounding to whole numbers moves is put right in the lead
 * @throws {EngineError} when k6 would make another number of arrivals
 */
export const stagesOf = (shape: Shape, planned: number): Stages => {
  const lines = shape.segments.flatMap((segment) => linesOf(segment, shape))
  const stages: Stage[] = []
  let rate: number | undefined
  for (const { from, to, duration } of lines) {
    if (perUnit(from) !== rate) stages.push({ nanoseconds: 0, target: perUnit(from) }) // a jump takes no time
    rate = perUnit(to)
    stages.push({ nanoseconds: nanoseconds(duration), target: rate })
  }
  stages.push({ nanoseconds: 0, target: 0 }, { nanoseconds: tail * 1e9, target: 0 })
  const leadRate = 0.5 / (lead / 1000)
  // A plan whose area ends on n + ½ exactly may lose its last arrival by rounding, or one just short of it gain one: try both sides.
  for (const correction of [0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, -1e-6, -1e-5, -1e-4, -1e-3, -1e-2]) {
    const startRate = perUnit(leadRate * (1 + 2 * correction))
    const candidate = { startRate, stages: [{ nanoseconds: lead * 1e6, target: startRate }, ...stages] }
    if (ticksOf(candidate) === planned) return candidate
  }
  throw new EngineError(
    `k6 would make ${ticksOf({ startRate: perUnit(leadRate), stages: [{ nanoseconds: lead * 1e6, target: perUnit(leadRate) }, ...stages] })} arrivals of a shape that plans ${planned}. Its rates are whole numbers. Round the shape's rates, or use --engine embedded.`,
  )
}
