/** When a running system should get more of something: data for advice, not a budget. */
import { z } from 'zod'
import { UsageError } from '../runner/errors/usage-error.ts'
import { parseDuration, type Seconds } from '../scenarios/units.ts'
import { type Stat, stats, type Unit } from './budget.ts'
import { parseLimit } from './limit.ts'

export type ScalingTrigger = {
  readonly name: string
  readonly metric: string
  readonly stat?: Stat
  /** In `unit`; a plain number has the unit ''. */
  readonly above: number
  readonly unit: Unit
  /** How long it must have been above; 0: as soon as it is seen. */
  readonly for: Seconds
  readonly severity: 'warning' | 'critical'
  readonly file: string
}

const triggerSchema = z.strictObject({
  metric: z.string(),
  stat: z.enum(stats).optional(),
  above: z.union([z.string(), z.number()]),
  for: z.string().optional(),
  severity: z.enum(['warning', 'critical']),
})
const fileSchema = z.object({ $schema: z.string().optional() }).catchall(triggerSchema)

/** @throws {UsageError} naming the trigger and what is wrong with it */
export const scalingTriggersIn = (tree: unknown, file: string): ScalingTrigger[] => {
  const parsed = fileSchema.safeParse(tree)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new UsageError(
      `Scaling trigger "${String(issue?.path[0] ?? '')}" in ${file} can't be read at ${issue?.path.slice(1).join('.') || 'its top'}: ${issue?.message}. A trigger has metric, above, for and severity. Correct it.`,
    )
  }
  const { $schema: _, ...triggers } = parsed.data
  return Object.entries(triggers as Record<string, z.infer<typeof triggerSchema>>).map(([name, trigger]) => {
    const above = parseLimit(trigger.above)
    const duration = trigger.for === undefined ? 0 : parseDuration(trigger.for)
    if (above === undefined || duration === undefined)
      throw new UsageError(
        `Scaling trigger "${name}" in ${file} says above ${JSON.stringify(trigger.above)} for ${JSON.stringify(trigger.for)}. Limits look like 70%, 1s or 1000, durations like 5m. Correct it.`,
      )
    const { metric, stat, severity } = trigger
    return { name, metric, above: above.value, unit: above.unit ?? '', for: duration, severity, file, ...(stat && { stat }) }
  })
}
