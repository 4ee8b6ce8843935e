/** What `perf apply` may change of a service, as AWS has it: bounds, policies, scheduled actions and the revision of its tasks. It is plain data, so that it can be kept and put back. */
import type { ScalingPolicy, ScheduledAction } from '@aws-sdk/client-application-auto-scaling'
import { z } from 'zod'

const details = z.record(z.string(), z.unknown())

export const policySettingsSchema = z.strictObject({
  type: z.string().describe('TargetTrackingScaling, StepScaling, PredictiveScaling'),
  configuration: details.describe('as AWS has it'),
})
export type PolicySettings = z.infer<typeof policySettingsSchema>

export const scheduleSettingsSchema = z.strictObject({
  expression: z.string().describe('at(…), cron(…) or rate(…)'),
  timezone: z.string().optional(),
  starts: z.iso.datetime().optional(),
  ends: z.iso.datetime().optional(),
  minimum: z.int().optional(),
  maximum: z.int().optional(),
})
export type ScheduleSettings = z.infer<typeof scheduleSettingsSchema>

export const settingsSchema = z.strictObject({
  bounds: z
    .strictObject({ minimum: z.int().min(0), maximum: z.int().min(0) })
    .refine(({ minimum, maximum }) => minimum <= maximum, 'the minimum is above the maximum')
    .nullable()
    .describe('null: nothing scales it'),
  policies: z.record(z.string(), policySettingsSchema).describe('by name'),
  schedules: z.record(z.string(), scheduleSettingsSchema).describe('by name'),
  definition: z.string().describe('ARN of the revision of its tasks'),
})
export type Settings = z.infer<typeof settingsSchema>

export const taskSizeSchema = z.strictObject({ cpu: z.int().positive(), memory: z.int().positive() }).describe('of a task, as ECS writes it: CPU units and MiB')
export type TaskSize = Readonly<z.infer<typeof taskSizeSchema>>

const configurations = ['TargetTrackingScalingPolicyConfiguration', 'StepScalingPolicyConfiguration', 'PredictiveScalingPolicyConfiguration'] as const

/** Without members that say nothing: AWS tells some of its defaults and leaves others out. */
const withoutDefaults = (configuration: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(configuration).filter(([name, value]) => value !== undefined && !(name === 'DisableScaleIn' && value === false)))

export const policySettingsOf = (policy: ScalingPolicy): PolicySettings => {
  const configuration = configurations.map((name) => policy[name]).find((each) => each !== undefined)
  return { type: policy.PolicyType ?? '', configuration: withoutDefaults({ ...configuration }) }
}

export const scheduleSettingsOf = ({ Schedule = '', Timezone, StartTime, EndTime, ScalableTargetAction: bounds }: ScheduledAction): ScheduleSettings => ({
  expression: Schedule,
  // AWS tells UTC of those that were given none.
  ...(Timezone !== undefined && Timezone !== 'UTC' && { timezone: Timezone }),
  ...(StartTime && { starts: StartTime.toISOString() }),
  ...(EndTime && { ends: EndTime.toISOString() }),
  ...(bounds?.MinCapacity !== undefined && { minimum: bounds.MinCapacity }),
  ...(bounds?.MaxCapacity !== undefined && { maximum: bounds.MaxCapacity }),
})
