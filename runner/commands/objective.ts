/** The objective of a saved run, as flags of `perf run`: the same users, the same engine, judged by the same budgets, at the rate that one instance is to serve. */
import { z } from 'zod'
import { moduleFile } from '../bundle.ts'
import type { Run } from '../run.ts'
import type { RunFlags } from '../run-flags.ts'

const kept = z.object({
  plan: z.object({
    source: z.object({ kind: z.enum(['scenario', 'script']), file: z.string() }),
    env: z.record(z.string(), z.string()),
    engine: z.object({ name: z.string() }),
  }),
  budgets: z.array(z.string()),
})

const demoJourneys = (): string => moduleFile('scenarios/journeys/shop')

/** Only the demo shop is visited by its own journeys without anybody naming them. */
export const isOfDemoShop = ({ provenance }: Run): boolean => {
  const parsed = kept.safeParse(provenance.configuration)
  return parsed.success && /[/\\]scenarios[/\\]journeys[/\\]shop\.[jt]s$/.test(parsed.data.plan.source.file)
}

/** Paths are kept as they were, so that a file which has gone since is missed by its name. */
export const objectiveOf = (run: Run): RunFlags => {
  const parsed = kept.safeParse(run.provenance.configuration)
  if (!parsed.success) return {}
  const { plan, budgets } = parsed.data
  const { kind, file } = plan.source
  const isOwn = run.scenario.file !== null
  const source = kind === 'script' ? { script: file } : isOfDemoShop(run) ? { scenario: demoJourneys() } : isOwn ? { scenario: file } : {}
  const variable = Object.entries(plan.env).map(([name, value]) => `${name}=${value}`)
  const engine = plan.engine.name === 'embedded' || plan.engine.name === 'k6' ? { engine: plan.engine.name } : {}
  return { ...source, ...engine, ...(variable.length > 0 && { variable }), ...(budgets.length > 0 && { budget: budgets }) }
}
