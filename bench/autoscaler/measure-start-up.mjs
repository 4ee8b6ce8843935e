/** How long one instance takes from being asked for until it is in service, measured before anything is predicted. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** Asks for one more in each of its first seconds. */
const onceMore = (count) => ({
  name: 'one more',
  period: 60,
  publication: 0,
  bounds: { minimum: 1, maximum: 10 },
  scalesIn: false,
  start:
    () =>
    ({ now, running, pending }) =>
      now < count ? running + pending + 1 : undefined,
})

/** @returns median of three, s */
export const measureStartUp = async (startLocalAutoscaler, orders) => {
  const folder = await mkdtemp(join(tmpdir(), 'perf-start-up-'))
  const autoscaler = await startLocalAutoscaler({ ...orders, folder, instances: 1, policy: onceMore(3) })
  try {
    await fetch(autoscaler.url)
    while (autoscaler.startUps.length < 3) await pause(100)
    return autoscaler.startUps.toSorted((a, b) => a - b)[1]
  } finally {
    await autoscaler.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
