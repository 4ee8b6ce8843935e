/**
 * Builds dist/: the sources through tsc, the budget files beside them. A second call with nothing changed does nothing.
 * Plain Node without packages, as everything in this folder: it runs before anything is installed.
 */
import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { isMain, must, root } from './command.mjs'

const dist = join(root, 'dist')
const sourceFolders = ['scenarios', 'runner', 'budgets', 'reports']
const settings = ['package.json', 'tsconfig.json', 'tsconfig.build.json', join('.ci', 'build.mjs'), join('node_modules', 'typescript', 'package.json')]
/** Files that the program reads at run time and tsc leaves behind. */
const isCopied = (file) => !file.endsWith('.ts') && !file.endsWith('.md')

const filesIn = (folder) =>
  readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort()

const fingerprint = (files) => {
  const hash = createHash('sha256')
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0')
  return hash.digest('hex')
}

/** A source that is gone must not live on as a module that still can be imported. */
const removeStale = (sources) => {
  const expected = new Set(sources.flatMap((file) => (isCopied(file) ? [file] : [file.replace(/\.ts$/, '.js'), file.replace(/\.ts$/, '.d.ts')])))
  for (const folder of sourceFolders) {
    if (!existsSync(join(dist, folder))) continue
    for (const file of filesIn(join('dist', folder))) if (!expected.has(relative('dist', file))) rmSync(join(root, file), { force: true })
  }
}

export const build = () => {
  const sources = sourceFolders.filter((folder) => existsSync(join(root, folder))).flatMap(filesIn)
  const stamp = join(dist, '.built-from')
  const now = fingerprint([...sources, ...settings])
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return
  // Taken away first: a build that fails half-way must not pass for the one before it.
  rmSync(stamp, { force: true })
  must(
    'node',
    [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'],
    'The sources do not compile. Every file must pass tsc. See the errors above; npm run check shows them too.',
  )
  removeStale(sources)
  for (const file of sources.filter(isCopied)) cpSync(join(root, file), join(dist, file))
  const cli = join(dist, 'runner', 'cli.js')
  if (existsSync(cli)) chmodSync(cli, 0o755)
  mkdirSync(dist, { recursive: true })
  writeFileSync(stamp, now)
  console.error(`built dist${sep} from ${sources.length} files`)
}

if (isMain(import.meta.url)) build()
