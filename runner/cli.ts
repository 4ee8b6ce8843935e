#!/usr/bin/env node
/** The executable: the process's own world around the command line. */
import { main } from './commands/program.ts'
import type { Io } from './io.ts'

const onInterrupt = (listener: () => void): (() => void) => {
  process.on('SIGINT', listener)
  process.on('SIGTERM', listener)
  return () => {
    process.off('SIGINT', listener)
    process.off('SIGTERM', listener)
  }
}

/** Whoever read it has seen enough (`perf list | head`): that is no reason to lose what goes on. */
const allowToLeave = (stream: NodeJS.WriteStream): void => {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}
allowToLeave(process.stdout)
allowToLeave(process.stderr)

const io: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  argv: process.argv.slice(2),
  isTerminal: process.stdout.isTTY === true,
  isInputTerminal: process.stdin.isTTY === true && process.stderr.isTTY === true,
  columns: process.stdout.columns ?? 80,
  now: () => new Date(),
  random: Math.random,
  onInterrupt,
  confirm: async (question) => {
    const { confirm, isCancel } = await import('@clack/prompts')
    const answer = await confirm({ message: question, initialValue: false })
    return !isCancel(answer) && answer
  },
}

process.exitCode = await main(io.argv, io)
