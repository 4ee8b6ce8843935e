/** Runs a load generator on its core, and says what it printed and what it cost: processor time of it and its children, and peak memory. */
import { spawn } from 'node:child_process'
import { cores } from './machine.mjs'
import { familyOf, usedBy } from './usage.mjs'

const between = 100 // milliseconds between looks at its memory

/** Bash's `times` counts a child whole, where reading /proc would lose what it did after the last look. */
const counted = '"$@"; code=$?; times >&3; exit $code'

const secondsIn = (times) => {
  const children = times.trim().split('\n')[1] ?? ''
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0)
}

/**
 * @param command program and arguments
 * @param options.mayFail an exit code other than 0 is an answer too, such as "budget exceeded"
 * @returns what it printed, seconds of processor time, and the highest sum of its processes' peak memory in bytes
 */
export const generate = (command, { cwd, env, mayFail = false } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn('taskset', ['-c', cores.generator, 'bash', '-c', counted, 'bash', ...command], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    })
    const text = ['', '', '', '']
    for (const stream of [1, 2, 3]) child.stdio[stream].on('data', (chunk) => (text[stream] += chunk))
    let peakBytes = 0
    const look = setInterval(() => {
      const [, ...family] = familyOf(child.pid) // the first is bash
      peakBytes = Math.max(
        peakBytes,
        family.reduce((sum, pid) => sum + usedBy(pid).peakBytes, 0),
      )
    }, between)
    child.on('error', reject)
    child.on('close', (code) => {
      clearInterval(look)
      if (code !== 0 && !mayFail) reject(new Error(`${command.join(' ')} ended with code ${code}: ${text[2] || text[1]}`))
      else resolve({ stdout: text[1], stderr: text[2], code, cpuSeconds: secondsIn(text[3]), peakBytes })
    })
  })
