/**
 * `node .ci/kubernetes.mjs`: builds a real Kubernetes API server from source into the user's cache: etcd, kube-apiserver, and
 * kube-controller-manager. Tests that need one skip by name until it is there. Nothing calls this: it takes Go 1.26 and many minutes.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { has, must, run } from './command.mjs'

// test/support/kubernetes-server.ts looks for this version.
const version = '1.36.3'
const etcd = 'v3.6.8' // which that release of Kubernetes requires

const cache = () => {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches')
  return process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
}

const [, minor, patch] = version.split('.')
const staging = `v0.${minor}.${patch}`
const stamp = 'k8s.io/component-base/version'
const flags = `-s -w -X ${stamp}.gitVersion=v${version} -X ${stamp}.gitMajor=1 -X ${stamp}.gitMinor=${minor}`

const server = (folder, command) => `package main

import (
	"os"

	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/${folder}/app"
)

func main() { os.Exit(cli.Run(app.${command}())) }
`

const programs = {
  etcd: `package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() { etcdmain.Main(os.Args) }
`,
  'kube-apiserver': server('kube-apiserver', 'NewAPIServerCommand'),
  'kube-controller-manager': server('kube-controller-manager', 'NewControllerManagerCommand'),
}

/** Kubernetes replaces its own parts by folders beside it, so that go install refuses it; the same parts are published as v0.x. */
const goMod = (own) => {
  const parts = [...own.matchAll(/^\t(\S+) => \.\/staging/gm)].map(([, part]) => part)
  return `module example.com/loadkubernetes

go 1.26.0

require (
	k8s.io/kubernetes v${version}
	go.etcd.io/etcd/server/v3 ${etcd}
)

${parts.map((part) => `replace ${part} => ${part} ${staging}`).join('\n')}
`
}

const goModOf = (workshop) => {
  const file = join(workshop, 'download.json')
  must(
    'sh',
    ['-c', `go mod download -json k8s.io/kubernetes@v${version} > "${file}"`],
    'Kubernetes could not be fetched. It comes through the Go module proxy.',
  )
  return readFileSync(JSON.parse(readFileSync(file, 'utf8')).GoMod, 'utf8')
}

const build = (folder) => {
  const workshop = mkdtempSync(join(tmpdir(), 'perf-kubernetes-build-'))
  try {
    writeFileSync(join(workshop, 'go.mod'), goMod(goModOf(workshop)))
    mkdirSync(folder, { recursive: true })
    for (const [name, main] of Object.entries(programs)) {
      const output = join(folder, name)
      if (existsSync(output)) continue
      console.error(`building ${name} of Kubernetes ${version}`)
      mkdirSync(join(workshop, name))
      writeFileSync(join(workshop, name, 'main.go'), main)
      // One package at a time, and only what nobody else wants of the processor.
      const env = { GOFLAGS: '-mod=mod', GOWORK: 'off', CGO_ENABLED: '0', GOMAXPROCS: process.env.GOMAXPROCS ?? '1' }
      const command = ['-n', '19', 'go', 'build', '-C', workshop, '-p', '1', '-trimpath', `-ldflags=${flags}`, '-o', `${output}.new`, `./${name}`]
      if (run('nice', command, { env }) !== 0) throw new Error(`${name} could not be built. It takes Go 1.26 or newer. See its message above, then try again.`)
      renameSync(`${output}.new`, output) // whole or not at all
    }
  } finally {
    rmSync(workshop, { recursive: true, force: true })
  }
}

if (process.platform === 'win32' || !has('go', ['version'])) {
  console.error('An API server of Kubernetes is built by Go 1.26 or newer, on Linux or macOS. Install Go there, and try again.')
  process.exit(2)
}
try {
  build(join(cache(), 'scale-surgeon', 'kubernetes', version))
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
