/** Looks for the packages that are installed only by those who watch what they speak with. */
import type { ProbeKind } from '../probes/kind.ts'
import { ownPackage, versionOfPackage } from '../version.ts'
import type { Finding } from './finding.ts'

/** Kinds of probes by the package they speak through. */
const usersOf = (name: string, kinds: readonly ProbeKind[]): string => {
  const users = kinds.filter((kind) => kind.package === name).map(({ kind }) => kind)
  return users.length === 0 ? 'optional' : `for ${users.length === 1 ? 'probes of kind' : 'probes of kinds'} ${users.join(', ')}`
}

export const packageFindings = (kinds: readonly ProbeKind[]): Finding[] =>
  ownPackage().optional.map((name) => {
    const version = versionOfPackage(name)
    return version === undefined
      ? { subject: 'package', state: 'missing', found: `${name}, ${usersOf(name, kinds)}`, advice: `npm install ${name}` }
      : { subject: 'package', state: 'ok', found: `${name} ${version}, ${usersOf(name, kinds)}` }
  })
