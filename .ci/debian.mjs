/** Debian packages of the integration tests. Installed only by root on Debian (a container, CI); elsewhere named, and their tests skip by name. */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { has, run } from './command.mjs'

const packages = [
  'nginx',
  'postgresql',
  'chromium',
  'openssl',
  'redis-server',
  'prometheus',
  'iproute2',
  'procps',
  'mariadb-server',
  'php-fpm',
  'libfcgi-bin',
  'rabbitmq-server',
  'shellcheck',
]
const isThere = (name) => has('sh', ['-c', `dpkg-query -W -f '\${Status}' ${name} | grep -q 'install ok installed'`])

/** Services of new packages must not start by themselves: the tests start their own, on loopback and free ports. */
const withoutServices = (install) => {
  const policy = '/usr/sbin/policy-rc.d'
  const ours = !existsSync(policy)
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    return install()
  } finally {
    if (ours) rmSync(policy, { force: true })
  }
}

export const installDebianPackages = () => {
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version')) return
  const missing = packages.filter((name) => !isThere(name))
  if (missing.length === 0) return
  if (process.getuid?.() !== 0) {
    console.error(`Not installed: ${missing.join(', ')}. Their integration tests skip. As root: apt-get install ${missing.join(' ')}`)
    return
  }
  console.error(`installing ${missing.join(', ')}`)
  const apt = (...args) => run('apt-get', ['-qq', '-o', 'Dpkg::Use-Pty=0', ...args], { env: { DEBIAN_FRONTEND: 'noninteractive' }, quiet: 'unless it fails' })
  const code = withoutServices(() => apt('update') || apt('install', '-y', '--no-install-recommends', ...missing))
  if (code !== 0) console.error(`apt-get ended with code ${code}. The tests that need ${missing.join(', ')} skip what is missing.`)
}
