/** `perf apply RUN…|ADVICE`: brings the recommended scaling to an ECS service, with everything shown before, asked for, kept, and read back. */
import { type CostChange, costChange } from '../../budgets/advice/apply/cost.ts'
import { reasonsAgainst } from '../../budgets/advice/apply/may-apply.ts'
import { type Now, type Wanted, wantedOf } from '../../budgets/advice/apply/wanted.ts'
import { ecsPlan, needsLabel } from '../../budgets/advice/infrastructure/ecs/plan.ts'
import type { Recommendation } from '../../budgets/advice/recommendation.ts'
import { balancerOf, groupsAt, labelOf } from '../deployments/ecs/balancer.ts'
import { OpenedService } from '../deployments/ecs/opened.ts'
import { taskSizeOf } from '../deployments/ecs/resized.ts'
import { isRollingOut, rolledOutAt, type State, stateAt } from '../deployments/ecs/state.ts'
import { pairOf } from '../deployments/index.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import { SafetyError } from '../errors/safety-error.ts'
import { UsageError } from '../errors/usage-error.ts'
import type { Io } from '../io.ts'
import type { Run } from '../run.ts'
import { adviceFor } from './applicable-advice.ts'
import { type AccountFlags, accountOf, requireAccount } from './aws-account.ts'
import { type ChangeFlags, changeService } from './change-service.ts'
import { type PricesFlags, readPrices } from './prices.ts'
import { rollBack } from './roll-back.ts'
import { outOf, storeOf } from './saved-runs.ts'

export type ApplyFlags = AccountFlags &
  ChangeFlags &
  PricesFlags & {
    readonly ecs?: string
    /** Twelve digits that must be those of the account. */
    readonly account?: string
    readonly size?: boolean
    readonly rollback?: string
    readonly out?: string
  }

type Place = { readonly cluster: string; readonly service: string; readonly region?: string; readonly account?: string }

const placeOf = ({ deployment }: Recommendation, { ecs }: ApplyFlags): Place => {
  if (deployment?.kind === 'kubernetes')
    throw new UsageError(
      `The advice is for ${deployment.namespace}/${deployment.deployment} on Kubernetes. perf apply changes services of ECS only. Use perf advise --as hpa or --as keda.`,
    )
  if (ecs === undefined) {
    if (deployment === undefined)
      throw new UsageError('Which service is meant is not known: the advice names none. A change has one place. Write --ecs CLUSTER/SERVICE.')
    return deployment
  }
  const [cluster, service] = pairOf(ecs, '--ecs', 'shop/web')
  if (deployment !== undefined && (deployment.cluster !== cluster || deployment.service !== service))
    throw new SafetyError(
      `The advice is for ${deployment.cluster}/${deployment.service}, and --ecs names ${cluster}/${service}. Advice holds where it was measured. Run perf advise with --ecs ${ecs}, and apply that.`,
    )
  return { ...deployment, cluster, service }
}

const groundsOf = async ({ runs: ids }: Recommendation, { service }: State, flags: ApplyFlags, io: Io) => {
  const store = storeOf(flags, io)
  const runs = await Promise.all(ids.map((id) => store.load(id).catch((): Run | undefined => undefined)))
  const type = service.deploymentController?.type
  return {
    runs: runs.filter((run) => run !== undefined),
    missing: ids.filter((_, at) => runs[at] === undefined),
    rolledOutAt: rolledOutAt(service),
    isRollingOut: isRollingOut(service),
    isDaemon: service.schedulingStrategy === 'DAEMON',
    controller: type === undefined || type === 'ECS' ? undefined : type,
    isSizeAsked: flags.size === true,
  }
}

const labelAt = (opened: OpenedService, { service }: State): Promise<string | undefined> =>
  opened.read(async (place) => {
    const arns = (service.loadBalancers ?? []).flatMap(({ targetGroupArn }) => (targetGroupArn === undefined ? [] : [targetGroupArn]))
    const balancer = arns.length === 0 ? undefined : balancerOf(await groupsAt(arns, place))
    return balancer && labelOf(balancer)
  })

const nowOf = ({ settings, definition }: State): Now => {
  const architecture = definition.runtimePlatform?.cpuArchitecture ?? (definition.requiresCompatibilities?.includes('FARGATE') ? 'X86_64' : undefined)
  return { settings, size: taskSizeOf(definition), architecture }
}

const refuse = (reasons: readonly string[]): void => {
  if (reasons.length > 0) throw new SafetyError(`Nothing was changed. ${reasons.join(' ')}`)
}

const costNotes = (cost: CostChange | undefined, { settings }: Wanted): string[] => [
  ...(cost === undefined ? ['Cost: unknown, because the prices have none for this processor.'] : []),
  ...(cost !== undefined && Object.keys(settings.schedules).length > 0 ? ['What scheduled actions start beyond that comes on top.'] : []),
]

const applyTo = async (opened: OpenedService, recommendation: Recommendation, flags: ApplyFlags, io: Io): Promise<ExitCode> => {
  const state = await opened.read(stateAt)
  refuse(reasonsAgainst(await groundsOf(recommendation, state, flags, io)))
  const plan = ecsPlan(recommendation, 'aws-cli')
  if ('because' in plan) throw new SafetyError(`Nothing was changed. ${plan.because}`)
  const now = nowOf(state)
  const label = needsLabel(plan) ? (recommendation.resourceLabel ?? (await labelAt(opened, state))) : undefined
  const wanted = wantedOf(recommendation, plan, now, { label, isSizeAsked: flags.size === true })
  if ('declined' in wanted) throw new SafetyError(wanted.because)
  const fewest = (bounds: { readonly minimum: number } | null): number => bounds?.minimum ?? state.service.desiredCount ?? 0
  const cost = costChange(
    { size: now.size, instances: fewest(now.settings.bounds) },
    { size: wanted.size ?? now.size, instances: fewest(wanted.settings.bounds) },
    await readPrices(flags, io),
    now.architecture === 'ARM64' ? 'arm' : 'x86',
  )
  const { account, region, arn, cluster, service } = opened.place
  return changeService(
    opened,
    {
      title: `Change ECS service ${cluster}/${service} in account ${account}, region ${region}, as ${arn}, by the advice from ${recommendation.runs.join(', ')}:`,
      state,
      wanted: wanted.settings,
      size: wanted.size,
      cost,
      notes: [...costNotes(cost, wanted), ...wanted.notes],
      runs: recommendation.runs,
      out: outOf(flags, io),
    },
    flags,
    io,
  )
}

/**
 * Exits 0 when it is done, or nothing had to be.
 * @throws {UsageError} without advice or a service @throws {SafetyError} when it must not be, or nobody agreed @throws {DeploymentError} when it stopped half-way
 */
export const apply = async (names: readonly string[], flags: ApplyFlags, io: Io): Promise<ExitCode> => {
  const stop = new AbortController()
  const stopListening = io.onInterrupt(() => stop.abort())
  try {
    if (flags.rollback !== undefined) return await rollBack(flags.rollback, flags, io, stop.signal)
    if (names.length === 0)
      throw new UsageError('What is to be applied is not said. It is advice that was looked at. Name its run or its file: perf apply latest.')
    const recommendation = await adviceFor(names, storeOf(flags, io), io)
    const { region, account, ...place } = placeOf(recommendation, flags)
    const opened = await OpenedService.open({ ...accountOf(flags, region), ...place }, stop.signal)
    try {
      requireAccount(opened.place, flags.account ?? account)
      return await applyTo(opened, recommendation, flags, io)
    } finally {
      await opened.close()
    }
  } finally {
    stopListening()
  }
}
