/** A process has as many files and sockets open as it may: it can accept no connection and open no file. */
import { again, causeAmong, type Diagnosis } from './illness.ts'

export const fileDescriptors: Diagnosis = (seen) => {
  const found = causeAmong(seen, 'open_files', 'files')
  if (found === undefined || found.cause.kind !== 'limit') return undefined
  const { cause } = found
  return {
    illness: 'file-descriptors',
    name: 'File descriptors used up',
    evidence: [cause.because, 'Sockets count as open files: at the limit neither a file nor a connection can be opened (EMFILE).'],
    remedy: [
      'If they grow while the load stays the same, something opens and does not close: compare ls -l /proc/PID/fd before and after load.',
      'If they follow the load, raise the limit: LimitNOFILE=65536 in the systemd unit, or ulimit -n 65536, or "ulimits": [{ "name": "nofile", "softLimit": 65536, "hardLimit": 65536 }] in an ECS task.',
    ],
    confirm: again(seen, `${cause.name} stays below 90 % of its limit, or no longer grows`),
  }
}
