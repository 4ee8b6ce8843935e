/** What scales the service: its bounds, policies, schedules, and when its number was changed. As Application Auto Scaling tells it. */
import type { ScalableTarget, ScalingPolicy, ScheduledAction, ScalingActivity as ToldActivity } from '@aws-sdk/client-application-auto-scaling'
import type { Load } from '../../aws/periods.ts'
import { asking } from '../../aws/refusal.ts'
import type { DeployedSchedule, ScalingActivity } from '../deployment.ts'
import { type Place, scalableOf } from './place.ts'

type Library = Awaited<ReturnType<typeof open>>['library']
type Client = Awaited<ReturnType<typeof open>>['client']
const open = ({ aws }: Place) => aws.open('scaling')

/** All items of all pages. */
const listed = async <Item, Page>(
  place: Place,
  action: string,
  pages: (library: Library, client: Client) => AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
  isEnough: (items: readonly Item[]) => boolean = () => false,
): Promise<Item[]> => {
  const { library, client } = await open(place)
  const items: Item[] = []
  await asking({ action: `application-autoscaling:${action}`, resource: '*' }, async () => {
    for await (const page of pages(library, client)) {
      items.push(...(itemsOf(page) ?? []))
      if (isEnough(items)) break
    }
  })
  return items
}

/** Undefined when the service is not registered: nothing scales it. @throws {AwsError} */
export const targetAt = async (place: Place): Promise<ScalableTarget | undefined> => {
  const { ResourceId, ...of } = scalableOf(place)
  const [target] = await listed(
    place,
    'DescribeScalableTargets',
    (library, client) => library.paginateDescribeScalableTargets({ client }, { ...of, ResourceIds: [ResourceId] }, { abortSignal: place.signal }),
    ({ ScalableTargets }) => ScalableTargets,
  )
  return target
}

/** @throws {AwsError} */
export const policiesAt = (place: Place): Promise<ScalingPolicy[]> =>
  listed(
    place,
    'DescribeScalingPolicies',
    (library, client) => library.paginateDescribeScalingPolicies({ client }, scalableOf(place), { abortSignal: place.signal }),
    ({ ScalingPolicies }) => ScalingPolicies,
  )

/** @throws {AwsError} */
export const schedulesAt = (place: Place): Promise<ScheduledAction[]> =>
  listed(
    place,
    'DescribeScheduledActions',
    (library, client) => library.paginateDescribeScheduledActions({ client }, scalableOf(place), { abortSignal: place.signal }),
    ({ ScheduledActions }) => ScheduledActions,
  )

/** Six weeks of them are kept; a service that is scaled each minute has too many to read all. */
const mostActivities = 2000

/** @throws {AwsError} */
export const activitiesAt = (place: Place): Promise<ToldActivity[]> =>
  listed(
    place,
    'DescribeScalingActivities',
    (library, client) => library.paginateDescribeScalingActivities({ client }, scalableOf(place), { abortSignal: place.signal }),
    ({ ScalingActivities }) => ScalingActivities,
    (activities) => activities.length >= mostActivities,
  )

export const scheduleOf = ({ ScheduledActionName = '', Schedule = '', Timezone, ScalableTargetAction: bounds }: ScheduledAction): DeployedSchedule => ({
  name: ScheduledActionName,
  expression: Timezone === undefined ? Schedule : `${Schedule} ${Timezone}`,
  ...(bounds?.MinCapacity !== undefined && { minimum: bounds.MinCapacity }),
  ...(bounds?.MaxCapacity !== undefined && { maximum: bounds.MaxCapacity }),
})

/** Milliseconds after a load in which its last change may still be made: alarms take 15 periods to go in. */
const aftermath = 20 * 60_000

const isDuring =
  (loads: readonly Load[]) =>
  ({ StartTime, EndTime = StartTime }: ToldActivity): boolean =>
    loads.some(({ from, until }) => (EndTime?.getTime() ?? 0) >= from && (StartTime?.getTime() ?? Number.POSITIVE_INFINITY) <= until + aftermath)

/** Those of the loads, oldest first. */
export const activitiesDuring = (loads: readonly Load[], told: readonly ToldActivity[]): ScalingActivity[] =>
  told
    .filter(isDuring(loads))
    .map(({ StartTime, EndTime, Description = '', Cause = '', StatusCode, StatusMessage }): ScalingActivity => {
      const [, to] = /desired count to (\d+)/.exec(Description) ?? []
      const failure = StatusCode === 'Failed' ? ` (failed: ${StatusMessage ?? 'no reason is told'})` : ''
      return {
        at: StartTime?.toISOString() ?? '',
        ...(EndTime && { until: EndTime.toISOString() }),
        ...(to !== undefined && { to: Number(to) }),
        cause: `${Cause}${failure}`,
      }
    })
    .sort((a, b) => a.at.localeCompare(b.at))

/** Undefined when nothing is. */
export const suspendedOf = ({ SuspendedState: state }: ScalableTarget): { readonly out: boolean; readonly in: boolean } | undefined =>
  state?.DynamicScalingOutSuspended || state?.DynamicScalingInSuspended
    ? { out: state.DynamicScalingOutSuspended === true, in: state.DynamicScalingInSuspended === true }
    : undefined

export const caveatsOf = (target: ScalableTarget | undefined, policies: readonly ScalingPolicy[]): string[] => {
  if (target === undefined)
    return ['Nothing scales the service: Application Auto Scaling has no target for it. Its number is whatever was last asked for, by hand or by a roll-out.']
  const { DynamicScalingInSuspended: inward, DynamicScalingOutSuspended: outward, ScheduledScalingSuspended: scheduled } = target.SuspendedState ?? {}
  const suspended = [...(outward ? ['out'] : []), ...(inward ? ['in'] : []), ...(scheduled ? ['by schedule'] : [])]
  const withoutIn = policies.filter(({ TargetTrackingScalingPolicyConfiguration: tracking }) => tracking?.DisableScaleIn === true)
  return [
    ...(suspended.length === 0
      ? []
      : [`Scaling ${suspended.join(', ')} is suspended, so what the policies say does not happen. Resume it in Application Auto Scaling.`]),
    ...(withoutIn.length === 0 ? [] : [`${withoutIn.map(({ PolicyName }) => PolicyName).join(', ')} scales out only: scaling in is switched off.`]),
  ]
}
