/** Watches over a k6 that makes load: passes stops on, and ends one that is stuck or does not end. */
import { setTimeout as wait } from 'node:timers/promises'
import { stateOf, stopLoad } from './control.ts'
import type { Exit, K6Process } from './process.ts'

export type Supervision = {
  /** Epoch milliseconds at which the stop was asked for; undefined when nobody did. */
  readonly stoppedAt: number | undefined
  /** Why k6 was ended by us though nobody asked for it. */
  readonly problem: string | undefined
}

const usualLimits = {
  /** Milliseconds without an answer and without a push: a frozen process, or a generator without any processor time. */
  silence: 20_000,
  /** After a stop, k6 tears down and sends what it has. */
  stopping: 20_000,
  terminating: 5000,
  /** A kill gives k6 this long to send what it has: it needs some 30 ms. */
  killing: 1500,
} as const

type Watched = {
  readonly k6: K6Process
  readonly port: number
  /** Epoch milliseconds of the last push. */
  readonly lastPush: () => number
  /** Epoch milliseconds at which everything must be over; undefined until the load begins, or when nobody knows. */
  readonly deadline: () => number | undefined
  readonly signals: { readonly stop: AbortSignal; readonly kill: AbortSignal }
  /** Asked each second: a reason to stop that is nobody's wish. */
  readonly isDoomed: () => boolean
  /** For tests, which have no time. */
  readonly limits?: { readonly [limit in keyof typeof usualLimits]: number }
}

/** Resolves when k6 has ended, one way or another. */
export const supervise = async ({ k6, port, lastPush, deadline, signals, isDoomed, limits = usualLimits }: Watched): Promise<{ exit: Exit } & Supervision> => {
  let stoppedAt: number | undefined
  let problem: string | undefined
  let lastAnswer = Date.now()
  let isOver = false
  const over = k6.exit.finally(() => {
    isOver = true
  })

  const endedWithin = async (milliseconds: number): Promise<boolean> => {
    await Promise.race([over.catch(() => undefined), wait(milliseconds, undefined, { ref: false })])
    return isOver
  }
  const stop = async (): Promise<void> => {
    stoppedAt ??= Date.now()
    await stopLoad(port)
    if (await endedWithin(limits.stopping)) return
    k6.signal('SIGTERM')
    if (await endedWithin(limits.terminating)) return
    k6.killGroup()
  }
  const kill = async (): Promise<void> => {
    stoppedAt ??= Date.now()
    void stopLoad(port)
    if (!(await endedWithin(limits.killing))) k6.killGroup()
  }
  const giveUp = async (because: string): Promise<void> => {
    problem = because
    k6.signal('SIGTERM')
    if (!(await endedWithin(limits.terminating))) k6.killGroup()
  }

  const onStop = (): void => void stop()
  const onKill = (): void => void kill()
  if (signals.kill.aborted) onKill()
  else if (signals.stop.aborted) onStop()
  signals.stop.addEventListener('abort', onStop, { once: true })
  signals.kill.addEventListener('abort', onKill, { once: true })
  try {
    while (!(await endedWithin(1000))) {
      if ((await stateOf(port)) !== undefined) lastAnswer = Date.now()
      if (isOver || problem !== undefined || stoppedAt !== undefined) continue
      const now = Date.now()
      const end = deadline()
      if (isDoomed()) void stop()
      else if (now - Math.max(lastAnswer, lastPush()) > limits.silence)
        void giveUp(`k6 has neither answered nor sent figures for ${limits.silence / 1000} s, so it was ended`)
      else if (end !== undefined && now > end) void giveUp('k6 had not ended long after the load, so it was ended')
    }
    return { exit: await over, stoppedAt, problem }
  } finally {
    signals.stop.removeEventListener('abort', onStop)
    signals.kill.removeEventListener('abort', onKill)
  }
}
