/**
 * moto, the stand-in for AWS in integration tests, in a Python environment of its own. It lies in the user's cache as k6 does, so that
 * a fresh clone finds what the last one fetched. Without Python 3 and venv it is named, and its tests skip by name.
 */
import { rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { has, run } from './command.mjs'

// test/support/moto.ts looks for this version.
const version = '5.2.1'

const cache = () => {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches')
  return process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
}

const skips = 'Tests that need moto (SQS, CloudWatch) skip.'

export const installMoto = () => {
  if (process.platform === 'win32') return console.error(`moto is not installed on Windows. ${skips}`)
  const folder = join(cache(), 'scale-surgeon', 'moto', version)
  const python = join(folder, 'bin', 'python3')
  // Tried rather than looked for: an installation may have been cut short, or its Python be gone.
  if (has(python, ['-c', 'import moto.server'])) return
  if (!has('python3', ['-c', 'import venv, ensurepip'])) return console.error(`Python 3 with venv is not installed. ${skips}`)
  console.error(`installing moto ${version}`)
  rmSync(folder, { recursive: true, force: true })
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', `moto[server]==${version}`]
  const code = run('python3', ['-m', 'venv', folder], { quiet: 'unless it fails' }) || run(python, pip, { quiet: 'unless it fails' })
  if (code === 0) return
  rmSync(folder, { recursive: true, force: true })
  console.error(`moto could not be installed. ${skips}`)
}
