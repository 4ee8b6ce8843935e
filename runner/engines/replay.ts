/** Plays a saved run back: no load, no waiting, the same figures. Reports, gates and the command line are tried with it. */
import { setImmediate as breathe } from 'node:timers/promises'
import type { Run } from '../run.ts'
import type { Engine } from './engine.ts'

export const replay = (recorded: Run): Engine => ({
  name: 'replay',
  prepare: async () => ({
    run: async (watcher, { stop, kill }) => {
      watcher.started(Date.parse(recorded.startedAt))
      for (const second of recorded.timeline) {
        if (stop.aborted || kill.aborted)
          return {
            state: 'stopped',
            because: 'the replay was stopped',
            version: recorded.engine.version,
            exitCode: null,
            caveats: recorded.caveats,
            probes: recorded.probes,
            observations: recorded.observations ?? [],
            watched: recorded.watched ?? [],
          }
        watcher.second(second)
        await watcher.caughtUp?.()
        await breathe() // lets signals and the live view have their turn
      }
      for (const level of recorded.sweep?.levels ?? []) watcher.level?.(level)
      const state = recorded.ending.state === 'completed' || recorded.ending.state === 'stopped' ? recorded.ending.state : 'failed'
      return {
        state,
        because: recorded.ending.because,
        version: recorded.engine.version,
        exitCode: recorded.engine.exitCode,
        caveats: recorded.caveats,
        probes: recorded.probes,
        observations: recorded.observations ?? [],
        watched: recorded.watched ?? [],
      }
    },
  }),
})
