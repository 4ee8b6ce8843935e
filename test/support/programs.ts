/** Finds the other programs that integration tests need; a test whose program is absent skips by name. */
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Debian keeps servers where the PATH of an ordinary user does not lead. */
const places = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']

const postgresFolders = (): string[] => {
  const versions = '/usr/lib/postgresql'
  if (!existsSync(versions)) return []
  const newestFirst = readdirSync(versions).sort((a, b) => Number(b) - Number(a))
  return newestFirst.map((version) => join(versions, version, 'bin'))
}

/** Path of the program, or undefined. @param first folders that are looked into before the others */
export const findProgram = (name: string, first: readonly string[] = []): string | undefined =>
  [...first, ...postgresFolders(), ...places].map((folder) => join(folder, name)).find((file) => existsSync(file))
