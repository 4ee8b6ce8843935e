/** What is read before a service is changed, for whoever decides whether it may be. */
import type { Grounds } from '../../budgets/advice/apply/may-apply.ts'
import type { Now } from '../../budgets/advice/apply/wanted.ts'
import type { Recommendation } from '../../budgets/advice/recommendation.ts'
import { balancerOf, groupsAt, labelOf } from '../deployments/ecs/balancer.ts'
import type { OpenedService } from '../deployments/ecs/opened.ts'
import { taskSizeOf } from '../deployments/ecs/resized.ts'
import { isRollingOut, rolledOutAt, type State } from '../deployments/ecs/state.ts'
import type { Io } from '../io.ts'
import type { Run } from '../run.ts'
import type { ApplyFlags } from './apply-flags.ts'
import { storeOf } from './saved-runs.ts'

/** @param isOwnRollOut whether perf made what runs, by this advice */
export const groundsOf = async (
  { runs: ids }: Recommendation,
  { service }: State,
  isOwnRollOut: boolean,
  flags: Pick<ApplyFlags, 'size' | 'out'>,
  io: Io,
): Promise<Grounds> => {
  const store = storeOf(flags, io)
  const runs = await Promise.all(ids.map((id) => store.load(id).catch((): Run | undefined => undefined)))
  const type = service.deploymentController?.type
  return {
    runs: runs.filter((run) => run !== undefined),
    missing: ids.filter((_, at) => runs[at] === undefined),
    rolledOutAt: rolledOutAt(service),
    isOwnRollOut,
    isRollingOut: isRollingOut(service),
    isLeaving: service.status === 'DRAINING',
    isDaemon: service.schedulingStrategy === 'DAEMON',
    controller: type === undefined || type === 'ECS' ? undefined : type,
    isSizeAsked: flags.size === true,
  }
}

/** Of the load balancer in front; undefined where there is none. */
export const labelAt = (opened: OpenedService, { service }: State): Promise<string | undefined> =>
  opened.read(async (place) => {
    const arns = (service.loadBalancers ?? []).flatMap(({ targetGroupArn }) => (targetGroupArn === undefined ? [] : [targetGroupArn]))
    const balancer = arns.length === 0 ? undefined : balancerOf(await groupsAt(arns, place))
    return balancer && labelOf(balancer)
  })

export const nowOf = ({ settings, definition }: State, isResized: boolean): Now => {
  const architecture = definition.runtimePlatform?.cpuArchitecture ?? (definition.requiresCompatibilities?.includes('FARGATE') ? 'X86_64' : undefined)
  return { settings, size: taskSizeOf(definition), architecture, isResized }
}
