/** `perf k6 install` and `perf k6 which`: the k6 that scenarios run in. */
import { readConfig } from '../config.ts'
import { findK6 } from '../engines/k6/find.ts'
import { installK6 } from '../engines/k6/install.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import type { Io } from '../io.ts'

type Flags = { readonly config?: string }

const look = async (flags: Flags, io: Io) => {
  const { config } = await readConfig(io.cwd, flags.config)
  const extensions = config.k6?.extensions ?? []
  return { extensions, found: await findK6({ env: io.env, ...(config.k6?.path !== undefined && { configuredPath: config.k6.path }), extensions }) }
}

export const whichCommand = async (flags: Flags, io: Io): Promise<ExitCode> => {
  const { found } = await look(flags, io)
  if (found.kind !== 'found') throw found.error
  io.stdout.write(`${found.path}\n`)
  io.stderr.write(`k6 ${found.version}, ${found.where}\n`)
  return 0
}

export const installCommand = async (flags: Flags, io: Io): Promise<ExitCode> => {
  const { extensions, found } = await look(flags, io)
  if (found.kind === 'found') {
    io.stderr.write(`k6 ${found.version} is there already, ${found.where}.\n`)
    io.stdout.write(`${found.path}\n`)
    return 0
  }
  const installed = await installK6({ env: io.env, extensions, log: (line) => io.stderr.write(`${line}\n`) })
  io.stdout.write(`${installed.path}\n`)
  return 0
}
