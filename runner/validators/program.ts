/** Starts a program of somebody else's and keeps what it says. */
import { execFile } from 'node:child_process'
import type { Outcome, ValidatorWorld } from './validator.ts'

export type Said = { readonly code: number; readonly stdout: string; readonly stderr: string }

const patience = 120_000 // ms
const longest = 16 * 1024 * 1024 // characters
const notFound = 127 // of a version manager's stand-in whose program is not installed

/** @returns undefined where it is not installed @throws {Error} when it can't be started or does not end */
export const ask = (program: string, args: readonly string[], folder: string, { env }: ValidatorWorld): Promise<Said | undefined> =>
  new Promise((resolve, reject) => {
    // The user's own environment: it holds what finds the program and its plug-ins.
    execFile(program, [...args], { cwd: folder, env, timeout: patience, maxBuffer: longest }, (error, stdout, stderr) => {
      if (error === null) return resolve({ code: 0, stdout, stderr })
      if (error.code === 'ENOENT' || (error.code as unknown) === notFound) return resolve(undefined)
      if (typeof error.code === 'number') return resolve({ code: error.code, stdout, stderr })
      reject(new Error(`${program} did not end by itself: ${error.message}`, { cause: error }))
    })
  })

/** A program that says 0 to what it accepts. @param how to get it */
export const byExitCode = (said: Said | undefined, unchecked: string, how: string): Outcome => {
  if (said === undefined) return { state: 'absent', unchecked, how }
  return said.code === 0 ? { state: 'accepted' } : { state: 'refused', words: `${said.stdout}${said.stderr}`.trim() }
}
