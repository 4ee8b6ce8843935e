/** A run beside which a browser visited pages: what the probe would have left in it. */
import type { Observation, Run, Series } from '../../runner/run.ts'

export type VisitFacts = {
  readonly at: number /** Why the page did not come. */
  readonly failure?: string
  readonly [figure: string]: number | string | null | undefined
}

/** The smallest JPEG that a browser shows: one grey point. */
const image =
  'data:image/jpeg;base64,/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k='

/** @param pages by name: visits without load, and those under it */
export const withPages = (
  run: Run,
  pages: Readonly<Record<string, { readonly before: readonly VisitFacts[]; readonly under: readonly VisitFacts[] }>>,
): Run => {
  const units = { page_load: 'ms', lcp: 'ms', time_to_interactive: 'ms', cls: 'score', bytes: 'bytes' } as const
  const probes: Series[] = []
  const observations: Observation[] = []
  for (const [name, { before, under }] of Object.entries(pages)) {
    const series = (what: string, unit: string, value: (visit: VisitFacts) => number | null): Series => ({
      name: `browser.${name}.${what}`,
      unit,
      limit: null,
      at: under.map(({ at }) => at),
      values: under.map(value),
    })
    const told = Object.entries(units).filter(([what]) => [...before, ...under].some((visit) => visit[what] !== undefined))
    probes.push(
      ...told.map(([what, unit]) => series(what, unit, (visit) => (typeof visit[what] === 'number' ? visit[what] : null))),
      series('failed', 'count', ({ failure }) => (failure === undefined ? 0 : 1)),
    )
    observations.push(
      {
        probe: 'browser',
        kind: 'page',
        subject: name,
        values: {
          url: `http://127.0.0.1:3000/${name}`,
          failures_unloaded: null,
          failures: under.flatMap(({ failure }) => failure ?? []).join(', ') || null,
          worst_at: under.at(-1)?.at ?? null,
          file_unloaded: `pages/${name}-unloaded.png`,
          file_worst: `pages/${name}-worst.png`,
          picture_unloaded: image,
          picture_worst: image,
        },
      },
      ...before.map(({ failure = null, ...values }) => ({
        probe: 'browser',
        kind: 'visit',
        subject: name,
        values: { failure, ...(values as Record<string, number>) },
      })),
    )
  }
  observations.push({ probe: 'browser', kind: 'browser', subject: 'Chrome 140.0.7339.16', values: { cpu: 0.31, cores: 8 } })
  return { ...run, probes: [...run.probes, ...probes], observations }
}
