/** How long pods took from being asked for until they were ready, as far as their conditions still tell. */
import type { V1Pod } from '@kubernetes/client-node'

export type StartUps = { readonly seconds: readonly number[]; readonly caveats: readonly string[] }

const readyAt = ({ status }: V1Pod): Date | undefined =>
  status?.conditions?.find(({ type, status: state }) => type === 'Ready' && state === 'True')?.lastTransitionTime

const hasRestarted = ({ status }: V1Pod): boolean => (status?.containerStatuses ?? []).some(({ restartCount }) => restartCount > 0)

/**
 * Creation → Ready, in whole seconds, as Kubernetes writes them. A condition tells only its last change, so a pod is left out when
 * a container was started again, or when it became ready later than a roll-out may take: it was ready before, and lost that.
 * @param patience seconds: the Deployment's progressDeadlineSeconds
 */
export const startUpsOf = (pods: readonly V1Pod[], patience: number): StartUps => {
  const times = pods.flatMap((pod) => {
    const [from, until] = [pod.metadata?.creationTimestamp, readyAt(pod)]
    return from === undefined || until === undefined ? [] : [{ seconds: (until.getTime() - from.getTime()) / 1000, isFirst: !hasRestarted(pod) }]
  })
  const seconds = times.filter((time) => time.isFirst && time.seconds <= patience).map((time) => time.seconds)
  const left = times.length - seconds.length
  return {
    seconds,
    caveats:
      left === 0
        ? []
        : [
            `${left} of ${times.length} ready pods tell no start-up time: they were restarted, or became ready again later than ${patience} s after they were made. A pod keeps only the last time that it became ready. Scale out by one and read again, or give --start-up.`,
          ],
  }
}
