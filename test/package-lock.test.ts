/** npm ci refuses a lock file that misses the packages of other platforms, and npm install leaves them out where the registry has them not (yet). */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

type Entry = { readonly version?: string; readonly resolved?: string; readonly optionalDependencies?: Readonly<Record<string, string>> }

const { packages }: { packages: Record<string, Entry> } = JSON.parse(await readFile(new URL('../package-lock.json', import.meta.url), 'utf8'))

test('the lock file has the packages of every platform', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`]),
  )
  expect(missing, 'Take an older version of the packages that want these, one whose parts are all in the registry.').toEqual([])
})

test('the lock file names no registry', () => {
  expect(Object.values(packages).filter(({ resolved }) => resolved?.startsWith('http'))).toEqual([])
})
