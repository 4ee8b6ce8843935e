/** What a HorizontalPodAutoscaler says of itself: whether it scales, and what holds it back. */
import type { V2HorizontalPodAutoscaler, V2HorizontalPodAutoscalerCondition } from '@kubernetes/client-node'

const conditionsOf = ({ status }: V2HorizontalPodAutoscaler): readonly V2HorizontalPodAutoscalerCondition[] => status?.conditions ?? []

/** While one of several metrics can be read it goes out by that one, and never in; of those that can't be read its status has no type. */
const goesByAny = ({ status }: V2HorizontalPodAutoscaler): boolean => (status?.currentMetrics ?? []).some(({ type }) => type !== '')

const isOff = ({ type, status }: V2HorizontalPodAutoscalerCondition): boolean => (type === 'ScalingActive' || type === 'AbleToScale') && status === 'False'

/** Why it scales nothing now, as the end of a sentence. */
export const stoppedBy = (scaler: V2HorizontalPodAutoscaler): string | undefined => {
  const off = goesByAny(scaler) ? undefined : conditionsOf(scaler).find(isOff)
  return off && `its condition ${off.type} is False (${off.reason ?? 'no reason'})`
}

/** Without its metrics it does not scale; at a bound or a limit it would go further. */
export const complaintsOf = (scaler: V2HorizontalPodAutoscaler): string[] =>
  conditionsOf(scaler).flatMap((condition) => {
    const { type, status, reason = '', message = '' } = condition
    const [name, said] = [`HorizontalPodAutoscaler ${scaler.metadata?.name ?? ''}`, `${reason}: ${message.replace(/\.$/, '')}`]
    if (isOff(condition))
      return goesByAny(scaler)
        ? [`${name} takes no pods away now (${said}). It needs all of its metrics for that. Mend the one that fails.`]
        : [`${name} does not scale now (${said}). It needs its metrics to. Mend that before its settings are changed.`]
    if (type !== 'ScalingLimited' || status !== 'True') return []
    if (reason.startsWith('TooMany'))
      return [`${name} is at its maximum and wants more (${said}). A bound is to be reached seldom. Look at the recommended maximum.`]
    if (reason === 'ScaleUpLimit')
      return [`${name} wants more than its behavior lets it add at once (${said}). A rise does not wait. Look at its scaleUp policies.`]
    return []
  })
