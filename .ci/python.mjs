/**
 * Programs in Python that integration tests ask: moto, the stand-in for AWS, in an environment of its own; the AWS CLI and validators of
 * what perf writes in another. They lie in the user's cache as k6 does, so that a fresh clone finds what the last one fetched. Without
 * Python 3 and venv they are named, and their tests skip by name.
 */
import { rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { has, run } from './command.mjs'

// test/support/moto.ts and test/support/python.ts look for these folders and versions.
const environments = [
  { folder: 'moto', packages: { 'moto[server]': '5.2.1' }, version: '5.2.1', modules: 'moto.server' },
  {
    folder: 'validators',
    packages: { 'cfn-lint': '1.51.0', 'kubernetes-validate': '1.37.0', awscli: '1.45.11' },
    version: '1.51.0-1.37.0-1.45.11',
    modules: 'cfnlint, kubernetes_validate, awscli',
  },
]

const cache = () => {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches')
  return process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
}

const install = ({ folder, packages, version, modules }) => {
  const path = join(cache(), 'scale-surgeon', folder, version)
  const python = join(path, 'bin', 'python3')
  // Tried rather than looked for: an installation may have been cut short, or its Python be gone.
  if (has(python, ['-c', `import ${modules}`])) return
  const names = Object.keys(packages).join(', ')
  console.error(`installing ${names}`)
  rmSync(path, { recursive: true, force: true })
  const wanted = Object.entries(packages).map(([name, which]) => `${name}==${which}`)
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', ...wanted]
  const code = run('python3', ['-m', 'venv', path], { quiet: 'unless it fails' }) || run(python, pip, { quiet: 'unless it fails' })
  if (code === 0) return
  rmSync(path, { recursive: true, force: true })
  console.error(`${names} could not be installed. Tests that need them skip.`)
}

export const installPythonPrograms = () => {
  const names = environments.flatMap(({ packages }) => Object.keys(packages)).join(', ')
  if (process.platform === 'win32') return console.error(`${names} are not installed on Windows. Tests that need them skip.`)
  if (!has('python3', ['-c', 'import venv, ensurepip'])) return console.error(`Python 3 with venv is not installed. Tests that need ${names} skip.`)
  for (const environment of environments) install(environment)
}
