/** What would be full first, and what next once that is relieved: the resources of a capacity in the order of the rates that they can serve. */
import { figure, percent } from '../figure.ts'
import type { Capacity } from './capacity.ts'
import type { ResourceCapacity } from './resource-capacity.ts'

export type Full = { readonly resource: string /** Successful requests per second. */; readonly rate: number; readonly because: string }

export type BreakingOrder = {
  /** The one that is full first comes first. */
  readonly order: readonly Full[]
  /** Those whose rate can't be told, each with the reason. */
  readonly unknown: readonly { readonly resource: string; readonly because: string }[]
}

const fullOf = ({ resource, rate, servers, noun }: ResourceCapacity, at: number, before: Full | undefined): Full[] =>
  typeof rate !== 'number'
    ? []
    : [
        {
          resource,
          rate,
          because:
            before === undefined
              ? `${resource} would be full first, at ${figure(rate, '/s')} successful requests (${figure(servers, '')} ${noun}${servers === 1 ? '' : 's'}).`
              : `With more of ${at === 1 ? before.resource : 'those'}, ${resource} would be full next, at ${figure(rate, '/s')}: ${percent(rate / before.rate - 1, 2)} more.`,
        },
      ]

/** @example breakingOrder(capacityOf([run])).order.map(({ resource }) => resource) // ['postgres.pool', 'target.cpu'] */
export const breakingOrder = ({ resources }: Pick<Capacity, 'resources'>): BreakingOrder => {
  const order: Full[] = []
  for (const each of resources) order.push(...fullOf(each, order.length, order.at(-1)))
  const unknown = resources.flatMap(({ resource, demand, rate }) =>
    demand.declined ? [{ resource, because: demand.because }] : typeof rate === 'number' ? [] : [{ resource, because: rate.because }],
  )
  return { order, unknown }
}
