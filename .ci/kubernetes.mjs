/**
 * `node .ci/kubernetes.mjs`: builds a real Kubernetes API server from source into the user's cache: etcd, kube-apiserver, and
 * kube-controller-manager. Tests that need one skip by name until it is there. Nothing calls this: it takes Go 1.26 and many minutes.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { has, isMain, must } from './command.mjs'

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

/**
 * A folder in which Go finds the parts of Kubernetes, gone when the work is done.
 * @param work is told the folder, and a function that runs go in it, one package at a time, with what nobody else wants of the processor
 */
export const inWorkshop = (work) => {
  const workshop = mkdtempSync(join(tmpdir(), 'perf-kubernetes-build-'))
  const env = { GOFLAGS: '-mod=mod', GOWORK: 'off', CGO_ENABLED: '0', GOMAXPROCS: process.env.GOMAXPROCS ?? '1' }
  const go = (verb, ...args) =>
    must(
      'nice',
      ['-n', '19', 'go', verb, '-C', workshop, '-p', '1', '-trimpath', ...args],
      `go ${verb} failed. It takes Go 1.26 or newer. See its message above, then try again.`,
      { env },
    )
  try {
    writeFileSync(join(workshop, 'go.mod'), goMod(goModOf(workshop)))
    work(workshop, go)
  } finally {
    rmSync(workshop, { recursive: true, force: true })
  }
}

const build = (folder) =>
  inWorkshop((workshop, go) => {
    mkdirSync(folder, { recursive: true })
    for (const [name, main] of Object.entries(programs)) {
      const output = join(folder, name)
      if (existsSync(output)) continue
      console.error(`building ${name} of Kubernetes ${version}`)
      mkdirSync(join(workshop, name))
      writeFileSync(join(workshop, name, 'main.go'), main)
      go('build', `-ldflags=${flags}`, '-o', `${output}.new`, `./${name}`)
      renameSync(`${output}.new`, output) // whole or not at all
    }
  })

const buildForTests = () => {
  if (process.platform === 'win32' || !has('go', ['version'])) {
    console.error('An API server of Kubernetes is built by Go 1.26 or newer, on Linux or macOS. Install Go there, and try again.')
    process.exit(2)
  }
  build(join(cache(), 'scale-surgeon', 'kubernetes', version))
}

if (isMain(import.meta.url)) buildForTests()
