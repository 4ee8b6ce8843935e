import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildName, findK6, moduleOf } from '../../../../runner/engines/k6/find.ts'
import { installK6 } from '../../../../runner/engines/k6/install.ts'
import { isSupported } from '../../../../runner/engines/k6/version.ts'
import { EngineError } from '../../../../runner/errors/engine-error.ts'

let base = ''
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'perf-find-'))
})
afterEach(() => rm(base, { recursive: true, force: true }))

/** A program that answers `version` as a k6 of that version does. */
const aK6 = async (path: string, version: string, extensions: readonly string[] = []): Promise<string> => {
  const file = join(base, path)
  const answer = JSON.stringify({
    version: `v${version}`,
    ...(extensions.length > 0 && { extensions: extensions.map((module) => ({ module, imports: [`k6/x/${module}`] })) }),
  })
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `#!/bin/sh\necho '${answer}'\n`)
  await chmod(file, 0o755)
  return file
}
const environment = (more: Record<string, string> = {}) => ({ HOME: join(base, 'home'), PATH: join(base, 'bin'), XDG_CACHE_HOME: join(base, 'cache'), ...more })

describe.skipIf(process.platform === 'win32')('looks', () => {
  test('first where PERF_K6 says, then on the PATH, then in the cache', async () => {
    const cached = await aK6('cache/scale-surgeon/k6/v1.8.1/k6', '1.8.1')
    expect(await findK6({ env: environment() })).toMatchObject({ kind: 'found', path: cached, version: '1.8.1', where: 'made by perf k6 install' })
    const onPath = await aK6('bin/k6', '1.9.0')
    expect(await findK6({ env: environment() })).toMatchObject({ path: onPath, version: '1.9.0', where: 'on the PATH' })
    const configured = await aK6('configured/k6', '2.1.0')
    expect(await findK6({ env: environment(), configuredPath: configured })).toMatchObject({ path: configured, where: 'named in the configuration' })
    const named = await aK6('named/k6', '2.0.0')
    expect(await findK6({ env: environment({ PERF_K6: named }), configuredPath: configured })).toMatchObject({ path: named, where: 'named by PERF_K6' })
  })

  test('for the newest build in the cache, and past one on the PATH that is too old', async () => {
    await aK6('bin/k6', '0.57.0')
    await aK6('cache/scale-surgeon/k6/v1.9.0/k6', '1.9.0')
    const newest = await aK6('cache/scale-surgeon/k6/v1.10.0/k6', '1.10.0')
    expect(await findK6({ env: environment() })).toMatchObject({ kind: 'found', path: newest })
  })

  test('for one with the extensions that are asked for', async () => {
    await aK6('bin/k6', '1.8.1')
    const extensions = ['github.com/grafana/xk6-sql@v1.0.4']
    const built = await aK6(`cache/scale-surgeon/k6/${buildName('v1.8.1', extensions)}/k6`, '1.8.1', ['github.com/grafana/xk6-sql'])
    expect(await findK6({ env: environment(), extensions })).toMatchObject({ kind: 'found', path: built })
    const lacking = await findK6({ env: environment({ XDG_CACHE_HOME: join(base, 'empty') }), extensions })
    expect(lacking).toMatchObject({ kind: 'missing', because: 'it lacks github.com/grafana/xk6-sql@v1.0.4' })
  })

  test.each([
    ['0.57.0', false],
    ['1.7.9', false],
    ['1.8.0', true],
    ['1.12.1', true],
    ['2.3.0', true],
    ['3.0.0', false],
  ])('at the version: %s is supported: %s', (version, supported) => {
    expect(isSupported(version)).toBe(supported)
  })

  test('and says what is wrong with what it found', async () => {
    await aK6('bin/k6', '0.57.0')
    const old = await findK6({ env: environment() })
    expect(old).toMatchObject({ kind: 'missing', because: 'version 0.57.0 is not supported' })
    expect((old as { error: Error }).error.message).toContain('This engine knows k6 1.8 and newer, below 3. Upgrade it')
    const gone = await findK6({ env: environment({ PERF_K6: join(base, 'gone') }) })
    expect((gone as { error: Error }).error.message).toContain("named by PERF_K6, can't be run")
    const none = await findK6({ env: { HOME: join(base, 'nowhere'), PATH: '' } })
    expect(none).toMatchObject({ kind: 'missing', because: 'none was found' })
    const impostor = join(base, 'impostor')
    await writeFile(impostor, '#!/bin/sh\necho hello\n', { mode: 0o755 })
    const wrong = await findK6({ env: environment({ PERF_K6: impostor }) })
    expect((wrong as { error: Error }).error.message).toContain('does not answer "version" as k6 does')
  })
})

test('builds differ by their extensions, in whatever order they are named', () => {
  expect(buildName('v1.8.1', [])).toBe('v1.8.1')
  expect(buildName('v1.8.1', ['a', 'b'])).toBe(buildName('v1.8.1', ['b', 'a']))
  expect(buildName('v1.8.1', ['a'])).not.toBe(buildName('v1.8.1', ['a@v2']))
  expect(moduleOf('example.com/demo=../demo')).toBe('example.com/demo')
})

test('without Go and xk6 there is nothing to build with, and the error says how to get k6', async () => {
  const install = installK6({ env: { HOME: base, PATH: join(base, 'bin'), XDG_CACHE_HOME: join(base, 'cache') }, log: () => {} })
  await expect(install).rejects.toThrow(EngineError)
  await expect(install).rejects.toThrow('brew install k6')
})
