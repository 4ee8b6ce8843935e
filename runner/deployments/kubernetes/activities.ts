/** When the autoscaler changed the number of pods, from its events. A cluster keeps them for an hour, unless it was told otherwise. */
import type { CoreV1Event } from '@kubernetes/client-node'
import type { ScalingActivity } from '../deployment.ts'

/** Alike events are counted in one, which tells when it came first and last. */
const timesOf = ({ eventTime, firstTimestamp, lastTimestamp, series, metadata }: CoreV1Event): Date[] =>
  [eventTime ?? firstTimestamp ?? lastTimestamp ?? metadata.creationTimestamp, series?.lastObservedTime ?? lastTimestamp]
    .filter((time) => time !== undefined && time !== null)
    // An eventTime has microseconds, and comes as a class of its own.
    .map((time) => new Date(time))

export const activitiesOf = (events: readonly CoreV1Event[]): ScalingActivity[] =>
  events
    .filter(({ reason }) => reason === 'SuccessfulRescale')
    .flatMap((event) => {
      const to = /New size: (\d+)/.exec(event.message ?? '')?.[1]
      const moments = [...new Set(timesOf(event).map((time) => time.toISOString()))]
      return moments.map((at) => ({ at, ...(to !== undefined && { to: Number(to) }), cause: event.message ?? '' }))
    })
    .sort((a, b) => a.at.localeCompare(b.at))
