/** Starting other programs from the set-up scripts. */
import { spawnSync } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** True when the module is the program that was started, false when it is imported. */
export const isMain = (url) => process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(url)

const npm = (args) =>
  process.env.npm_execpath ? [process.execPath, [process.env.npm_execpath, ...args]] : process.platform === 'win32' ? ['npm.cmd', args] : ['npm', args]

/**
 * Runs a program; returns its exit code. What it prints goes to standard error, because ours is kept for the answer; `answers` says that it is the answer.
 * `quiet` shows nothing, `quiet: 'unless it fails'` shows it then.
 */
export const run = (program, args, { env = {}, answers = false, quiet = false } = {}) => {
  const [file, rest] = program === 'node' ? [process.execPath, args] : program === 'npm' ? npm(args) : [program, args]
  const { status, error, stdout, stderr } = spawnSync(file, rest, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', answers ? 'inherit' : 2, 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
    // Only a .cmd file needs the shell, and only Windows has those.
    shell: file.endsWith('.cmd'),
  })
  if (quiet === 'unless it fails' && status !== 0) process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`)
  if (error && quiet !== true) console.error(`${program}: ${error.message}`)
  return status ?? 1
}

/** Runs a program that the rest depends on; ends this process with the sentence when it fails. */
export const must = (program, args, sentence, options) => {
  const code = run(program, args, options)
  if (code === 0) return
  console.error(sentence)
  process.exit(code)
}

/** True when the program can be started at all. */
export const has = (program, args = ['--version']) => run(program, args, { quiet: true }) === 0
