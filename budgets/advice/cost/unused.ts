/** What is paid for and was not used, in the runs and their history: services, pools of connections, instances. */
import type { Run } from '../../../runner/run.ts'
import { quantileOfFew } from '../../../runner/stats/few.ts'
import { type Resource, resourcesOf } from '../../attribution/resources.ts'
import { count, countOf, figure, percent } from '../../figure.ts'

export type Unused = { readonly what: string; readonly because: string }

const idle = 0.05 // share of its CPU below which a service is unused
const halfEmpty = 0.5
const shortest = 600 // s that must have been watched, all runs together
const spare = 1.5 // times the most that was ever in use

const shareOf = ({ readings, limit }: Resource): number =>
  quantileOfFew(
    readings.map(({ value }) => value),
    0.99,
  ) / (limit ?? Infinity)

const watched = (runs: readonly Run[], isIt: (resource: Resource) => boolean): Map<string, Resource[]> => {
  const found = new Map<string, Resource[]>()
  for (const resource of runs.flatMap(resourcesOf))
    if (isIt(resource) && resource.limit !== null && resource.readings.length > 0) found.set(resource.name, [...(found.get(resource.name) ?? []), resource])
  return found
}

const secondsOf = (resources: readonly Resource[]): number =>
  resources.reduce((sum, { readings }) => sum + (readings.at(-1)?.at ?? 0) - (readings[0]?.at ?? 0), 0)

const idleServices = (runs: readonly Run[]): Unused[] =>
  [...watched(runs, ({ what, unit }) => what === 'cpu' && unit === 'cores')].flatMap(([name, resources]) => {
    const most = Math.max(...resources.map(shareOf))
    if (most >= idle || secondsOf(resources) < shortest) return []
    return [
      {
        what: resources[0]?.service ?? name,
        because: `${name} stayed below ${percent(Math.max(most, 0.001), 2)} of its cores for 99 % of ${countOf(resources.length, 'run')}: make it smaller, or put it beside something else.`,
      },
    ]
  })

const halfEmptyPools = (runs: readonly Run[]): Unused[] =>
  [...watched(runs, ({ what }) => what === 'pool')].flatMap(([name, resources]) => {
    const size = Math.max(...resources.map(({ limit }) => limit ?? 0))
    const most = Math.max(...resources.flatMap(({ readings }) => readings.map(({ value }) => value)))
    const enough = Math.max(2, Math.ceil(spare * most))
    if (most >= halfEmpty * size || enough >= size || secondsOf(resources) < shortest) return []
    return [{ what: name, because: `${name} has ${countOf(size, 'connection')}, and ${count(most)} at most were in use: ${count(enough)} are enough.` }]
  })

/** @param deployed instances that run now @param needed of the same size, for the ordinary rate */
const idleInstances = (deployed: number | undefined, needed: number | undefined, ordinary: number): Unused[] =>
  deployed === undefined || needed === undefined || deployed <= needed
    ? []
    : [
        {
          what: 'instances',
          because: `${countOf(deployed, 'instance')} run, and ${count(needed)} serve the ordinary ${figure(ordinary, '/s')}: ${count(deployed - needed)} may go until more comes.`,
        },
      ]

/** @param runs those that advice is asked on, and their history */
export const unusedIn = (
  runs: readonly Run[],
  instances: { readonly deployed: number | undefined; readonly needed: number | undefined; readonly ordinary: number },
): Unused[] => [...idleServices(runs), ...halfEmptyPools(runs), ...idleInstances(instances.deployed, instances.needed, instances.ordinary)]
