/** Live progress on stderr: a line that renews itself on a terminal, a plain line every ten seconds elsewhere. */
import { count, duration, milliseconds, rate } from '../../reports/format.ts'
import type { Io } from '../io.ts'
import { type Glimpse, LiveView, sparkline } from '../live.ts'
import type { TimelineSecond } from '../run.ts'

const tell = ({ rate: perSecond, p95, completed, failed, dropped, left }: Glimpse): string => {
  const parts = [
    rate(perSecond).padStart(8),
    `p95 ${p95 === undefined ? '–' : milliseconds(p95)}`,
    `${count(failed)} of ${count(completed)} failed`,
    ...(dropped > 0 ? [`${count(dropped)} dropped`] : []),
    left > 0 ? `${duration(Math.ceil(left))} left` : 'finishing',
  ]
  return parts.join(' · ')
}

export type Progress = { readonly add: (second: TimelineSecond, elapsed: number) => void; readonly done: () => void }

export const progressOn = async (io: Io, plannedSeconds: number, quiet: boolean): Promise<Progress> => {
  if (quiet) return { add: () => {}, done: () => {} }
  const view = new LiveView(plannedSeconds)
  if (io.stderr.isTTY !== true || io.env.CI !== undefined) {
    return {
      add: (second, elapsed) => {
        view.add(second)
        if ((second.second + 1) % 10 === 0) io.stderr.write(`  ${tell(view.at(elapsed))}\n`)
      },
      done: () => {},
    }
  }
  const { createLogUpdate } = await import('log-update') // slow to load, and of use on a terminal alone
  const update = createLogUpdate(io.stderr as NodeJS.WriteStream)
  return {
    add: (second, elapsed) => {
      view.add(second)
      const glimpse = view.at(elapsed)
      update(`  ${sparkline(glimpse.rates)}\n  ${tell(glimpse)}`)
    },
    done: () => {
      update.clear()
      update.done() // shows the cursor again
    },
  }
}
