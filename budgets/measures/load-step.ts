/** The steps of a run's load, so that a limit can be held against each of them apart. */
import type { Run } from '../../runner/run.ts'
import type { Seconds } from '../../scenarios/units.ts'
import { figure } from '../figure.ts'
import { cutterOf, join, type Part } from './part.ts'

/** Whole seconds since the start. `isHeld`: one rate throughout; a ramp or a decay goes from one to another. */
type LoadStep = { readonly from: Seconds; readonly until: Seconds; readonly load: string; readonly isHeld: boolean }

const rate = (perSecond: number): string => figure(perSecond, '/s')

const ofShape = ({ shape }: Run): LoadStep[] => {
  let start = 0
  return shape.segments.map((segment) => {
    const [from, until] = [Math.round(start), Math.round(start + segment.duration)] // a second belongs to the step that has most of it
    start += segment.duration
    const to = segment.kind === 'linear' ? segment.to : segment.floor
    const isHeld = segment.from === to
    return { from, until, isHeld, load: isHeld ? `at ${rate(to)}` : `on the way from ${rate(segment.from)} to ${rate(to)}` }
  })
}

const stepsOf = (run: Run): LoadStep[] =>
  run.sweep === undefined
    ? ofShape(run)
    : run.sweep.levels.map(({ connections, from, seconds }) => ({
        from: Math.round(from),
        until: Math.round(from + seconds),
        isHeld: true,
        load: `with ${connections} connection${connections === 1 ? '' : 's'}`,
      }))

/**
 * The run cut at the steps of its load, those left out that it never reached. What is still answered after the last one belongs to it.
 * A ramp that holds too little is judged with the step that it leads to, the last one with the step before; a step that is held is never
 * joined, because another load is another question.
 */
export function* stepPartsOf(run: Run, isEnough: (part: Part) => boolean): Generator<Part> {
  const cut = cutterOf(run)
  const first = run.warmUp.seconds
  const end = first + run.timeline.length
  const steps = stepsOf(run).filter(({ from, until }) => until > Math.max(from, first) && from < end)
  let whole: Part | undefined
  let ramp: Part | undefined
  for (const [index, { from, until, load, isHeld }] of steps.entries()) {
    const last = run.sweep === undefined && index === steps.length - 1 ? end : until
    const part = { ...join(ramp, cut(Math.max(0, from - first), last - first)), load }
    ramp = isHeld || isEnough(part) ? undefined : part
    if (ramp !== undefined) continue
    if (whole !== undefined) yield whole
    whole = part
  }
  if (ramp !== undefined) whole = whole === undefined ? ramp : { ...join(whole, ramp), load: whole.load ?? '' }
  if (whole !== undefined) yield whole
}
