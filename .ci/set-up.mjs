/** Everything a fresh clone lacks: the packages, then the build. Does nothing when both are there. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { isMain, must, root } from './command.mjs'

const packagesOf = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages

/**
 * npm writes node_modules/.package-lock.json when an installation is complete, so it is the stamp: it tells what is really there.
 * Packages for other platforms are optional and may be absent.
 */
const isInstalled = () => {
  const installedFile = join('node_modules', '.package-lock.json')
  if (!existsSync(join(root, installedFile))) return false
  const installed = packagesOf(installedFile)
  return Object.entries(packagesOf('package-lock.json')).every(
    ([path, wanted]) => path === '' || (installed[path] ? installed[path].version === wanted.version : wanted.optional || wanted.devOptional || wanted.peer),
  )
}

export const setUp = () => {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`This is Node ${process.versions.node}. The project needs 20.19 or newer. Install a newer Node and try again.`)
    process.exit(2)
  }
  if (!isInstalled())
    must('npm', ['ci', '--no-audit', '--no-fund'], 'The packages could not be installed. npm ci must get through. See its message above, then try again.')
  build()
}

if (isMain(import.meta.url)) setUp()
