/** Processor time and memory of processes, as Linux keeps them under /proc. */
import { readFileSync } from 'node:fs'

const ticksPerSecond = 100 // USER_HZ: the same on every Linux that Node runs on

const read = (file) => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined // the process has ended
  }
}

/** @returns seconds of processor time so far, all threads together, and bytes of resident memory, now and at most */
export const usedBy = (pid) => {
  const [stat, status] = [read(`/proc/${pid}/stat`), read(`/proc/${pid}/status`)]
  if (stat === undefined || status === undefined) return { cpuSeconds: 0, residentBytes: 0, peakBytes: 0 }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ') // the program's name may hold spaces
  const kilobytes = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0)
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    residentBytes: kilobytes('VmRSS') * 1024,
    peakBytes: kilobytes('VmHWM') * 1024,
  }
}

/** A process and all that it started. */
export const familyOf = (pid) => {
  const children = read(`/proc/${pid}/task/${pid}/children`)?.trim()
  return [pid, ...(children ? children.split(' ').flatMap((child) => familyOf(Number(child))) : [])]
}
