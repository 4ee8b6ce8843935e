/** What was offered: the planned rate drawn over time, and how the target fared in each stage. Drawn without JavaScript. */
import type { Run } from '../../../runner/run.ts'
import { count, duration, percent, plain, rate } from '../../format.ts'
import type { Report, Stage } from '../../report.ts'
import { type Markup, markup, nothing } from '../markup.ts'
import { cell, scrolling, section, timeCell } from '../parts.ts'

type Segment = Run['shape']['segments'][number]

/** Rate at a share (0–1) of a segment; a decay needs a few points on its way, a line only its ends. */
const rateWithin = (segment: Segment, share: number): number =>
  segment.kind === 'linear'
    ? segment.from + (segment.to - segment.from) * share
    : segment.floor + (segment.from - segment.floor) * Math.exp((-share * segment.duration) / segment.tau)
const samples = { linear: [0, 1], decay: Array.from({ length: 17 }, (_, index) => index / 16) } as const

const picture = ({ shape }: Run, stages: readonly Stage[]): Markup => {
  const length = stages.reduce((sum, { seconds }) => sum + seconds, 0)
  const points = shape.segments.flatMap((segment, index) =>
    samples[segment.kind].map((share) => [(stages[index]?.second ?? 0) + share * segment.duration, rateWithin(segment, share)] as const),
  )
  const peak = points.reduce((most, [, y]) => Math.max(most, y), 0)
  if (length <= 0 || peak <= 0) return nothing
  const at = points.map(([x, y]) => `${((1000 * x) / length).toFixed(1)},${(100 - (100 * y) / peak).toFixed(1)}`).join(' ')
  return markup`<div class="shape"><p class="peak" aria-hidden="true">${rate(peak)} at most</p><svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label="${`Planned rate over ${duration(length)}, ${rate(peak)} at most`}"><polygon points="0,100 ${at} 1000,100"/><polyline points="${at}"/></svg>
<div class="stages" aria-hidden="true">${stages.map(({ label, seconds }) => markup`<span style="flex:${Math.round((1000 * seconds) / length)} 1 0" title="${label}">${seconds / length > 0.06 && label}</span>`)}</div></div>`
}

const planned = ({ from, to }: Stage): string => (Math.abs(from - to) < 1e-6 ? rate(from) : `${plain(from)} → ${rate(to)}`)

const row = (stage: Stage, warmUp: number): Markup => {
  const { label, seconds, reached, started, dropped, errorRate, failed, p50, p95, p99 } = stage
  const rest = reached
    ? markup`${cell(started, count(started))}${cell(dropped, count(dropped), dropped > 0 ? 'bad' : '')}${cell(errorRate, percent(errorRate), failed > 0 ? 'bad' : '')}${timeCell(p50)}${timeCell(p95)}${timeCell(p99)}`
    : markup`<td colspan="6" class="dim">${stage.second + seconds <= warmUp ? 'in the warm-up' : 'not reached'}</td>`
  return markup`<tr><th scope="row" class="name">${label}</th><td>${planned(stage)}</td><td>${duration(seconds)}</td>${rest}</tr>
`
}

export const shapeSection = ({ run, stages, warmUp }: Report): Markup => {
  if (stages.length === 0) return nothing
  const table = markup`<table class="sticky"><caption class="hidden">Each stage of the load: planned rate, arrivals, error rate and response time</caption><thead><tr><th scope="col" class="l">Stage</th>${['Planned', 'Length', 'Started', 'Dropped', 'Error rate', 'p50', 'p95', 'p99'].map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead><tbody>${stages.map((stage) => row(stage, warmUp?.seconds ?? 0))}</tbody></table>`
  const drawn = run.shape.arrivals === 'poisson' ? 'independent (Poisson) arrivals' : 'evenly spaced arrivals'
  return section(
    'shape',
    'Load by stage',
    `The shape “${run.shape.name}” with ${drawn}: what was planned, and the response time that each stage met.`,
    picture(run, stages),
    scrolling('Stages', table),
  )
}
