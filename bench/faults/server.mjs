/** Starts a program of this folder, if asked for in a control group (version 1) with a quota or a memory limit. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const trees = ['cpu', 'cpuacct', 'memory'].map((tree) => `/sys/fs/cgroup/${tree}`)

const enter = (group, pid, { quota, memory, shares }) => {
  for (const tree of trees) mkdirSync(join(tree, group), { recursive: true })
  if (quota !== undefined) writeFileSync(join('/sys/fs/cgroup/cpu', group, 'cpu.cfs_quota_us'), String(quota * 100_000))
  if (shares !== undefined) writeFileSync(join('/sys/fs/cgroup/cpu', group, 'cpu.shares'), String(shares))
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

/**
 * @param file of this folder; it prints the port on which it listens @param options `environment` beside our own · `flags` of node ·
 *   `files` it may open · `group`: { quota in cores, memory in MiB, shares against others } · `under`: a program and its arguments that starts it and becomes it
 * @returns its URL and process, and how to end it
 */
export const startProgram = async (file, { environment = {}, flags = [], files, group, under = [] } = {}) => {
  const limit = files === undefined ? '' : `ulimit -n ${files}; `
  const program = fileURLToPath(new URL(file, import.meta.url))
  const [first, ...rest] = [...under, 'sh']
  const running = spawn(first, [...rest, '-c', `${limit}exec "$0" "$@"`, process.execPath, ...flags, program], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const name = `perf-fault-${running.pid}`
  const [port] = await once(running.stdout.setEncoding('utf8'), 'data')
  if (group !== undefined) enter(name, running.pid, group)
  const stop = async () => {
    if (running.exitCode === null && running.signalCode === null) {
      const ended = once(running, 'exit')
      running.kill('SIGKILL')
      await ended
    }
    if (group !== undefined) leave(name)
  }
  return { url: `http://127.0.0.1:${port.trim()}`, pid: running.pid, stop }
}
