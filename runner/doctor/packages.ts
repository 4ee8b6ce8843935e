/** Looks for the packages that are installed only by those who watch what they speak with. */
import { deploymentPackages } from '../deployments/packages.ts'
import type { ProbeKind } from '../probes/kind.ts'
import { ownPackage, versionOfPackage } from '../version.ts'
import type { Finding } from './finding.ts'

/** Kinds of probes, and readers of deployments, by the package they speak through. */
const usersOf = (name: string, kinds: readonly ProbeKind[]): string => {
  const users = kinds.filter((kind) => kind.package === name).map(({ kind }) => kind)
  const probes = users.length === 0 ? [] : [`${users.length === 1 ? 'probes of kind' : 'probes of kinds'} ${users.join(', ')}`]
  const readers = Object.entries(deploymentPackages).filter(([, packages]) => packages.some((each) => each === name))
  const all = [...probes, ...readers.map(([flag]) => `perf advise ${flag}`)]
  return all.length === 0 ? 'optional' : `for ${all.join(' and ')}`
}

export const packageFindings = (kinds: readonly ProbeKind[]): Finding[] =>
  ownPackage().optional.map((name) => {
    const version = versionOfPackage(name)
    return version === undefined
      ? { subject: 'package', state: 'missing', found: `${name}, ${usersOf(name, kinds)}`, advice: `npm install ${name}` }
      : { subject: 'package', state: 'ok', found: `${name} ${version}, ${usersOf(name, kinds)}` }
  })
