import { execFileSync, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findK6 } from '../../../../runner/engines/k6/find.ts'
import { installK6 } from '../../../../runner/engines/k6/install.ts'
import { k6 } from '../../../support/k6.ts'
import { findProgram } from '../../../support/programs.ts'

// The first build compiles all of k6; the one that npm test made before has left its parts in Go's cache.
const canBuild = k6 !== undefined && findProgram('go') !== undefined
const reason = canBuild ? '' : ' (skipped: there is no Go, or no k6 built with it yet; npx perf k6 install makes one)'

test.skipIf(!canBuild)(`an extension in a folder is built into a k6 of its own, by two at once only once${reason}`, { timeout: 580_000 }, async () => {
  const base = await mkdtemp(join(tmpdir(), 'perf-k6-install-'))
  try {
    const folder = join(base, 'demo')
    await mkdir(folder)
    await writeFile(join(folder, 'go.mod'), 'module example.com/demo\n\ngo 1.25.0\n\nrequire go.k6.io/k6 v1.8.1\n')
    await writeFile(
      join(folder, 'demo.go'),
      'package demo\n\nimport "go.k6.io/k6/js/modules"\n\ntype Demo struct{}\n\nfunc (Demo) Answer() int { return 42 }\n\nfunc init() { modules.Register("k6/x/demo", new(Demo)) }\n',
    )
    // Go keeps what it compiled under the same variable; without its old place it would compile all of k6 anew.
    const GOCACHE = execFileSync('go', ['env', 'GOCACHE'], { encoding: 'utf8' }).trim()
    const env = { ...process.env, GOCACHE, XDG_CACHE_HOME: join(base, 'cache') }
    const extensions = [`example.com/demo=${folder}`]
    const log: string[] = []
    const [first, second] = await Promise.all([
      installK6({ env, extensions, log: (line) => log.push(line) }),
      installK6({ env, extensions, log: (line) => log.push(line) }),
    ])
    expect(first).toMatchObject({ version: '1.8.1', path: second.path })
    expect(first.extensions).toContain('k6/x/demo')
    expect(log).toContain('Another perf k6 install is building; waiting for it.')

    const found = await findK6({ env: { ...env, PATH: '' }, extensions })
    expect(found).toMatchObject({ kind: 'found', path: first.path, where: 'made by perf k6 install' })
    expect((await findK6({ env: { ...env, PATH: '' } })).kind).toBe('missing') // without extensions another k6 is asked for

    await writeFile(join(base, 'script.js'), "import demo from 'k6/x/demo'\nexport default function () { console.log('answer ' + demo.answer()) }\n")
    const { stderr } = spawnSync(first.path, ['run', '--quiet', '--address', '', join(base, 'script.js')], {
      encoding: 'utf8',
      env: { ...env, K6_NO_USAGE_REPORT: 'true' },
    })
    expect(stderr).toContain('answer 42')
  } finally {
    await rm(base, { recursive: true, force: true })
  }
})
