/** Everything that is decided before a sweep may start: requests, levels, target, plan. */
import { freemem } from 'node:os'
import type { Budget } from '../../budgets/budget.ts'
import { sweepEngine } from '../engines/autocannon/autocannon.ts'
import type { Io } from '../io.ts'
import type { Plan } from '../plan.ts'
import { makePlan } from '../planning.ts'
import type { Probe } from '../probes/probe.ts'
import { resolveName } from '../safety/allow-list.ts'
import type { Settings } from '../settings.ts'
import type { Store } from '../stores/store.ts'
import { planSweep, type SweepRequest, shapeOfSweep } from '../sweep.ts'
import type { SweepSettings } from '../sweep-settings.ts'
import type { Prepared } from './prepared.ts'
import { noWork } from './what-to-run.ts'

/** Paths are those of the target, below the one that its URL has. */
const below = (targetUrl: string, request: SweepRequest): SweepRequest => {
  const base = new URL(targetUrl).pathname.replace(/\/+$/, '')
  return { ...request, path: `${base}${request.path}` || '/' }
}

export const prepareSweep = async (
  asked: SweepSettings,
  settings: Settings,
  {
    budgets,
    store,
    probesFor,
  }: { readonly budgets: readonly Budget[]; readonly store: Store; readonly probesFor: (settings: Settings, plan: Plan) => Promise<Probe[]> },
  io: Io,
  targetUrl: (settings: Settings) => Promise<{ url: string; isDemo: boolean }>,
): Promise<Prepared> => {
  const { url, isDemo } = await targetUrl(settings)
  const levels = planSweep({ ...asked, ceiling: undefined })
  const named = { name: 'autocannon', because: 'a sweep is a closed loop' } as const
  const planned = await makePlan(
    {
      settings: { ...settings, users: asked.connections, connections: undefined, poisson: false, warmUp: { seconds: 0, because: '' } },
      targetUrl: url,
      choice: { test: 'stress', shape: shapeOfSweep(levels), from: '--sweep' },
      source: noWork.source,
      journeys: [],
      keepCookies: false,
      hasSetup: false,
      headers: {},
      engine: named,
    },
    { now: io.now(), random: io.random, resolve: resolveName, freeMemory: freemem() },
  )
  const sweep = {
    ...levels,
    requests: asked.requests.map((request) => below(planned.plan.target.url, request)),
    ceiling: planned.entry?.maxRate,
  }
  return {
    settings,
    budgets,
    store,
    probes: await probesFor(settings, planned.plan),
    work: noWork,
    use: { engine: sweepEngine, named },
    planned: { ...planned, plan: { ...planned.plan, sweep } },
    shapeFrom: '--sweep',
    isDemo,
    plays: undefined,
  }
}
