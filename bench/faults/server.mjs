/** Starts the application that can be ill, if asked for in a control group (version 1) with a quota or a memory limit. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('app.mjs', import.meta.url))
const trees = ['cpu', 'cpuacct', 'memory'].map((tree) => `/sys/fs/cgroup/${tree}`)

const enter = (group, pid, { quota, memory }) => {
  for (const tree of trees) mkdirSync(join(tree, group), { recursive: true })
  if (quota !== undefined) writeFileSync(join('/sys/fs/cgroup/cpu', group, 'cpu.cfs_quota_us'), String(quota * 100_000))
  if (memory !== undefined) writeFileSync(join('/sys/fs/cgroup/memory', group, 'memory.limit_in_bytes'), String(memory * 1024 * 1024))
  for (const tree of trees) writeFileSync(join(tree, group, 'cgroup.procs'), String(pid))
}

const leave = (group) => {
  for (const tree of trees) {
    try {
      rmdirSync(join(tree, group))
    } catch {
      // The kernel lets go of it a moment later; an empty group costs nothing.
    }
  }
}

/** @returns its URL and process, and how to end it */
export const startApp = async ({ pool = 5, work = 5, group, files }, databaseUrl) => {
  const limit = files === undefined ? '' : `ulimit -n ${files}; `
  const app = spawn('sh', ['-c', `${limit}exec "${process.execPath}" "${program}"`], {
    env: { ...process.env, DATABASE_URL: databaseUrl, POOL: String(pool), WORK: String(work) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const name = `perf-fault-${process.pid}`
  const [port] = await once(app.stdout.setEncoding('utf8'), 'data')
  if (group !== undefined) enter(name, app.pid, group)
  const stop = async () => {
    if (app.exitCode === null && app.signalCode === null) {
      const ended = once(app, 'exit')
      app.kill('SIGKILL')
      await ended
    }
    if (group !== undefined) leave(name)
  }
  return { url: `http://127.0.0.1:${port.trim()}`, pid: app.pid, stop }
}
