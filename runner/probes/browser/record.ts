/** What visits leave in a run: a series for each figure of a page, what was seen before the load, and what a reader must know. */
import type { Caveat, Observation, Series } from '../../run.ts'
import type { KeptFile } from '../probe.ts'
import { type FigureName, figureNames, figureUnits } from './figures.ts'
import type { Picture, Visit } from './visit.ts'

/** `at`: seconds since the load began; below 0 for a visit before it. */
export type Visited = Visit & { readonly at: number }

export type PageVisits = {
  readonly name: string
  readonly url: string
  readonly click: string | undefined
  readonly before: readonly Visited[]
  readonly under: readonly Visited[]
  /** Visits that the end of the run cut off before the page had loaded. */
  readonly cutOff: number
}

const rounded = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(6)))
const isFailure = ({ failure }: Visited): boolean => failure !== undefined

type Pictured = Visited & { readonly picture: Picture }

const loadOf = ({ failure, figures }: Visited): number => (failure === undefined ? (figures.page_load ?? 0) : Number.POSITIVE_INFINITY)

/** Of those that were pictured, the visit that took longest, one that failed before all. */
const worstPicture = (visits: readonly Visited[]): Pictured | undefined =>
  visits
    .filter((visit): visit is Pictured => visit.picture !== undefined)
    .sort((a, b) => loadOf(b) - loadOf(a))
    .at(0)

/** Of a page that has no click, nobody expects an INP. */
const toldFigures = ({ click }: PageVisits): FigureName[] => figureNames.filter((name) => name !== 'inp' || click !== undefined)

export const seriesOf = (probe: string, page: PageVisits): Series[] => {
  const visits = page.under
  if (visits.length === 0) return []
  const at = visits.map((visit) => Number(visit.at.toFixed(2)))
  const series = (what: string, unit: string, value: (visit: Visited) => number | null): Series => ({
    name: `${probe}.${page.name}.${what}`,
    unit,
    limit: null,
    at,
    values: visits.map((visit) => rounded(value(visit))),
  })
  return [
    ...toldFigures(page).map((figure) => series(figure, figureUnits[figure], ({ figures }) => figures[figure])),
    series('failed', 'count', (visit) => (isFailure(visit) ? 1 : 0)),
  ]
}

const tally = (words: readonly string[]): string => {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].map(([word, count]) => `${count} × ${word}`).join(', ')
}

const failuresIn = (visits: readonly Visited[]): string | null => tally(visits.flatMap(({ failure }) => failure ?? [])) || null
const asImage = (visit: { readonly picture: Picture } | undefined): string | null => (visit && `data:image/jpeg;base64,${visit.picture.jpeg}`) || null

const fileOf = (page: string, when: 'unloaded' | 'worst'): string => `pages/${page}-${when}.png`

/** Of kind `page`: how often it was visited, and its pictures · of kind `visit`: each visit before the load. */
export const observationsOf = (probe: string, page: PageVisits): Observation[] => {
  const { name, url, click = null, before, under, cutOff } = page
  const [calm, worst] = [worstPicture(before), worstPicture(under)]
  return [
    {
      probe,
      kind: 'page',
      subject: name,
      values: {
        url,
        click,
        visits_unloaded: before.length,
        failures_unloaded: failuresIn(before),
        visits: under.length,
        failures: failuresIn(under),
        cut_off: cutOff,
        worst_at: worst === undefined ? null : rounded(worst.at),
        file_unloaded: calm === undefined ? null : fileOf(name, 'unloaded'),
        file_worst: worst === undefined ? null : fileOf(name, 'worst'),
        picture_unloaded: asImage(calm),
        picture_worst: asImage(worst),
      },
    },
    ...before.map(({ at, failure = null, figures }) => ({
      probe,
      kind: 'visit',
      subject: name,
      values: {
        at: rounded(at),
        failure,
        ...Object.fromEntries(toldFigures(page).map((figure) => [figure, rounded(figures[figure])])),
      },
    })),
  ]
}

export const filesOf = ({ name, before, under }: PageVisits): KeptFile[] =>
  (
    [
      ['unloaded', worstPicture(before)],
      ['worst', worstPicture(under)],
    ] as const
  ).flatMap(([when, visit]) => (visit === undefined ? [] : [{ path: fileOf(name, when), content: Buffer.from(visit.picture.png, 'base64') }]))

/** Up to this share, and of fewer visits, it is the end of the run that cut some short: that tells nobody anything. */
const told = { share: 0.2, visits: 3 } as const

const unknownFigures = (probe: string, { name, before, under }: PageVisits): Caveat[] =>
  (
    [
      ['time_to_interactive', 'Time to interactive', 'A page that polls or plays is never quiet; judge its page_load and total_blocking_time.'],
      ['inp', 'The INP', 'Correct "click" of that page, or leave it out.'],
    ] as const
  ).flatMap(([figure, words, advice]) => {
    const visits = [...before, ...under]
    const reasons = visits.flatMap(({ unknown }) => unknown[figure] ?? [])
    if (visits.length < told.visits || reasons.length <= told.share * visits.length) return []
    const text = `${words} of the page "${name}" is unknown in ${reasons.length} of ${visits.length} visits, because ${new Set(reasons).size === 1 ? reasons[0] : tally(reasons)}. It takes a page that is stayed on. ${advice}`
    return [{ code: `${probe}-${figure.replaceAll('_', '-')}-unknown`, text }]
  })

const failedVisits = (probe: string, { name, before, under }: PageVisits): Caveat[] => {
  const visits = [...before, ...under]
  const failures = visits.filter(isFailure)
  if (failures.length === 0) return []
  return [
    {
      code: `${probe}-visits-failed`,
      text: `The page "${name}" did not come in ${failures.length} of ${visits.length} visits: ${failuresIn(visits)}. A visit that failed has no times, and is a gap in them. Look at what the page's server said then.`,
    },
  ]
}

/** Hosts that pages asked for and no request was sent to. */
const blockedHosts = (probe: string, pages: readonly PageVisits[]): Caveat[] => {
  const blocked = new Map<string, number>()
  for (const { before, under } of pages)
    for (const visit of [...before, ...under]) for (const [host, count] of visit.blocked) blocked.set(host, (blocked.get(host) ?? 0) + count)
  if (blocked.size === 0) return []
  const requests = [...blocked.values()].reduce((sum, count) => sum + count, 0)
  const text = `The browser was kept from ${[...blocked.keys()].sort().join(', ')} (${requests} requests): only loopback and what targets.allow lists is contacted. The pages may look and load differently than for users. List these hosts there, if load may go there.`
  return [{ code: `${probe}-hosts-blocked`, text }]
}

export const caveatsOf = (probe: string, pages: readonly PageVisits[]): Caveat[] => [
  ...pages.flatMap((page) => [...failedVisits(probe, page), ...unknownFigures(probe, page)]),
  ...blockedHosts(probe, pages),
]
