/** One k6 as a child process, in a process group of its own, so that what it starts (Chromium) ends with it. */
import { type ChildProcess, spawn } from 'node:child_process'

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

export type K6Process = {
  readonly pid: number | undefined
  /** Settles after stdout and stderr were read to their end. */
  readonly exit: Promise<Exit>
  readonly hasEnded: () => boolean
  /** To k6 alone, which passes it on. */
  readonly signal: (signal: 'SIGTERM') => void
  /** SIGKILL to k6 and everything it started. */
  readonly killGroup: () => void
}

const sendTo = (child: ChildProcess, target: number, signal: NodeJS.Signals): void => {
  try {
    if (process.platform === 'win32') child.kill(signal)
    else process.kill(target, signal)
  } catch {} // gone already
}

/**
 * @param env the child's whole environment; nothing of ours is added
 * @param onText gets stderr and stdout as they come
 */
export const startK6 = (
  binary: string,
  args: readonly string[],
  { cwd, env, onText }: { cwd: string; env: Record<string, string>; onText: (text: string) => void },
): K6Process => {
  const child = spawn(binary, args, { cwd, env, detached: process.platform !== 'win32', stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true })
  let ended = false
  const killGroup = (): void => {
    // Kill the group, not the child: k6 leaves Chromium behind otherwise.
    if (child.pid !== undefined) sendTo(child, -child.pid, 'SIGKILL')
  }
  // A parent that leaves without a word must not leave load behind.
  process.once('exit', killGroup)
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', onText)
  }
  const exit = new Promise<Exit>((resolve, reject) => {
    child.once('error', (error) => {
      ended = true
      process.removeListener('exit', killGroup)
      reject(error)
    })
    child.once('exit', () => {
      ended = true
      // A browser that outlived k6 would keep the pipes open, and with them this promise.
      killGroup()
    })
    child.once('close', (code, signal) => {
      process.removeListener('exit', killGroup)
      resolve({ code, signal })
    })
  })
  return {
    pid: child.pid,
    exit,
    hasEnded: () => ended,
    signal: (signal) => {
      if (!ended && child.pid !== undefined) sendTo(child, child.pid, signal)
    },
    killGroup: () => {
      if (!ended) killGroup()
    },
  }
}
