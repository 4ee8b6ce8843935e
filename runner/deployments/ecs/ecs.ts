/** A service of ECS as it is deployed; nothing is changed. What is read, by which right, and what it means: ecs.md. */
import { setMaxListeners } from 'node:events'
import type { Account } from '../../aws/account.ts'
import { AwsClients } from '../../aws/clients.ts'
import { type Identity, identify } from '../../aws/identity.ts'
import type { Load } from '../../aws/periods.ts'
import { AwsError } from '../../aws/refusal.ts'
import { DeploymentError } from '../../errors/deployment-error.ts'
import type { Deployment } from '../deployment.ts'
import { deploymentPackages } from '../packages.ts'
import type { DeploymentSource } from '../source.ts'
import { alarmsNamed, alarmsWatching } from './alarms.ts'
import { afterStartOf, balancerOf, groupsAt, healthAt, healthCaveatsOf, labelOf } from './balancer.ts'
import type { Place } from './place.ts'
import { alarmCaveatsOf, alarmNamesOf, policyOf } from './policies.ts'
import { readingPolicy } from './policy.ts'
import { priceAt } from './price.ts'
import { activitiesAt, activitiesDuring, policiesAt, caveatsOf as scalingCaveatsOf, scheduleOf, schedulesAt, suspendedOf, targetAt } from './scaling.ts'
import { seriesDuring } from './series.ts'
import { definitionNameOf, definitionOf, serviceAt, caveatsOf as serviceCaveatsOf } from './service.ts'
import { sizeOf } from './size.ts'
import { startsOf, tasksAt } from './tasks.ts'

type Wanted = Account & { readonly cluster: string; readonly service: string }

/** What could be done without, and was refused. */
class Unknowns {
  readonly sentences: string[] = []
  isDenied = false

  constructor(private readonly signal: AbortSignal) {}

  /** @param what is unknown then @returns `without` when the work was refused, or its package is not installed */
  async unless<Value>(work: Promise<Value>, without: Value, what: string): Promise<Value> {
    try {
      return await work
    } catch (error) {
      if (this.signal.aborted) throw error
      this.isDenied ||= error instanceof AwsError && error.isDenied
      this.sentences.push(`${what} unknown, because ${(error as Error).message}.`)
      return without
    }
  }
}

const load = ({ from, until }: { readonly from: string; readonly until: string }): Load => ({ from: Date.parse(from), until: Date.parse(until) })

const read = async (place: Place, loads: readonly Load[]): Promise<Deployment> => {
  const now = Date.now()
  const unknown = new Unknowns(place.signal)
  const [service, target, policies] = await Promise.all([serviceAt(place), targetAt(place), policiesAt(place)])
  const definition = await definitionOf(service, place)
  const arns = (service.loadBalancers ?? []).flatMap(({ targetGroupArn }) => (targetGroupArn === undefined ? [] : [targetGroupArn]))
  const groups = arns.length === 0 ? [] : await unknown.unless(groupsAt(arns, place), [], 'The load balancer is')
  const balancer = balancerOf(groups)
  const size = sizeOf(definition)
  const [schedules, told, tasks, health, measured, price, asking, watching] = await Promise.all([
    unknown.unless(schedulesAt(place), [], 'Scheduled actions are'),
    unknown.unless(activitiesAt(place), [], 'What scaled it is'),
    unknown.unless(tasksAt(place), undefined, 'Start-up times are'),
    unknown.unless(Promise.all(arns.map((arn) => healthAt(arn, place))), [], 'The health of the targets is'),
    unknown.unless(seriesDuring(place, balancer, loads, now), { series: [], caveats: [] }, 'What CloudWatch measured is'),
    unknown.unless(priceAt(place, size.architecture ?? 'x86'), undefined, "AWS's present price is"),
    unknown.unless(alarmsNamed(alarmNamesOf(policies), place), undefined, 'The alarms of its policies are'),
    unknown.unless(alarmsWatching(place, balancer), undefined, 'Other alarms on its metrics are'),
  ])
  const known = asking && new Map([...asking, ...(watching ?? [])].map((alarm) => [alarm.name, alarm]))
  const deployed = policies.map((policy) => policyOf(policy, known))
  const scaling = new Set([...alarmNamesOf(policies), ...deployed.flatMap(({ alarms = [] }) => alarms.map(({ name }) => name))])
  const suspended = target && suspendedOf(target)
  const starts = startsOf(tasks ?? [], definitionNameOf(service))
  const afterStart = afterStartOf(groups)
  return {
    name: { kind: 'ecs', cluster: place.cluster, service: place.service, region: place.region, account: place.account },
    readAt: new Date(now).toISOString(),
    ...size,
    instances: {
      desired: service.desiredCount ?? 0,
      running: service.runningCount ?? 0,
      ...(target?.MinCapacity !== undefined && { minimum: target.MinCapacity }),
      ...(target?.MaxCapacity !== undefined && { maximum: target.MaxCapacity }),
    },
    policies: deployed,
    ...(suspended && { suspended }),
    ...(watching && { watching: watching.filter(({ name }) => !scaling.has(name)) }),
    schedules: schedules.map(scheduleOf),
    startUps: starts.startUps,
    pulls: starts.pulls,
    ...(afterStart && { afterStart }),
    activities: activitiesDuring(loads, told),
    series: measured.series,
    ...(balancer && { resourceLabel: labelOf(balancer) }),
    ...(price && { price }),
    caveats: [
      ...serviceCaveatsOf(service),
      ...scalingCaveatsOf(target, policies),
      ...alarmCaveatsOf(deployed),
      ...(tasks === undefined ? [] : starts.caveats),
      ...healthCaveatsOf(health.flat()),
      ...measured.caveats,
      ...unknown.sentences,
      ...(unknown.isDenied ? [`All of it can be read with this policy:\n${readingPolicy(place)}`] : []),
    ],
  }
}

const refused = (error: unknown, where: string, policy: () => string): DeploymentError => {
  if (error instanceof DeploymentError) return error
  const { message } = error as Error
  const words = `${where} can't be read: ${message}.`
  const because = { cause: error }
  if (!(error instanceof AwsError))
    return new DeploymentError(
      `${words} Reading ECS needs AWS's clients, which are installed only where they are used. Install them: npm install ${deploymentPackages['--ecs'].join(' ')}.`,
      because,
    )
  if (error.isDenied) return new DeploymentError(`${words} Attach this policy to whoever runs perf, and read again:\n${policy()}`, because)
  return new DeploymentError(
    `${words} Without that nothing can be said of what is deployed. ${error.isLasting ? 'Correct it, and read again.' : 'Read again later.'}`,
    because,
  )
}

/**
 * Asks who asks; what is read waits for `read`.
 * @throws {DeploymentError} without credentials, region or the packages
 */
export const ecsSource = async ({ cluster, service, ...account }: Wanted): Promise<DeploymentSource> => {
  const aws = new AwsClients(account)
  let identity: Identity
  try {
    identity = await identify(aws)
  } catch (error) {
    await aws.close()
    throw refused(error, `ECS service ${cluster}/${service}`, () => readingPolicy({ arn: '', region: '<region>', account: '<account>', cluster, service }))
  }
  const where = `ECS service ${cluster}/${service} (account ${identity.account}, ${identity.region})`
  return {
    announcement: `AWS account ${identity.account}, region ${identity.region}, as ${identity.arn}: ECS service ${cluster}/${service} is read, and not changed.`,
    read: async (loads, signal) => {
      // Each request listens to it, a dozen at once.
      setMaxListeners(0, signal)
      const place: Place = { ...identity, aws, cluster, service, signal }
      try {
        return await read(place, loads.map(load))
      } catch (error) {
        throw refused(error, where, () => readingPolicy(place))
      } finally {
        await aws.close()
      }
    },
  }
}
