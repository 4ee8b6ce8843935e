/** What this machine has: cores to pin to, and the programs that are compared with. */
import { accessSync, constants } from 'node:fs'
import { availableParallelism, homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/** Generators share the first core whole, main thread, garbage collection and all; the server and this program have the second. */
export const cores = { generator: '0', target: '1' }
export const hasTwoCores = availableParallelism() > 1

const isExecutable = (file) => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Folders where Go and Cargo put programs, which often stand outside PATH. */
const folders = [...(process.env.PATH ?? '').split(delimiter), join(homedir(), 'go', 'bin'), join(homedir(), '.cargo', 'bin')]

export const findProgram = (name) => folders.map((folder) => join(folder, name)).find(isExecutable)
