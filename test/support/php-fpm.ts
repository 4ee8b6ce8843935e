/** A private pool of PHP-FPM on free loopback ports: one for requests, one for its status page. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { execa } from 'execa'
import { freePort } from './free-port.ts'
import { findProgram } from './programs.ts'

/** Debian puts the version into the program's name. */
const versioned = async (): Promise<string | undefined> => (await readdir('/usr/sbin').catch(() => [])).find((name) => /^php-fpm\d/.test(name))
export const phpFpmProgram = findProgram('php-fpm') ?? findProgram((await versioned()) ?? 'php-fpm')

export type PhpFpm = {
  readonly port: number
  readonly statusPort: number
  /** A script that sleeps for a second. */
  readonly sleeps: string
  stop(): Promise<void>
}

export const startPhpFpm = async ({ children }: { readonly children: number }): Promise<PhpFpm> => {
  if (phpFpmProgram === undefined) throw new Error('PHP-FPM is not installed. Tests that need it skip when phpFpmProgram is undefined.')
  const folder = await mkdtemp(join(tmpdir(), 'scale-surgeon-php-fpm-'))
  const [port, statusPort] = [await freePort(), await freePort()]
  const sleeps = join(folder, 'sleeps.php')
  await writeFile(sleeps, '<?php usleep(1000000); echo "done";')
  await writeFile(
    join(folder, 'php-fpm.conf'),
    `[global]
daemonize = no
error_log = ${folder}/error.log
pid = ${folder}/pid
[shop]
listen = 127.0.0.1:${port}
listen.backlog = 64
pm = static
pm.max_children = ${children}
pm.status_path = /status
pm.status_listen = 127.0.0.1:${statusPort}
${process.getuid?.() === 0 ? 'user = root\ngroup = root\n' : ''}`,
  )
  const flags = ['--fpm-config', join(folder, 'php-fpm.conf'), '--nodaemonize', '--no-php-ini', ...(process.getuid?.() === 0 ? ['--allow-to-run-as-root'] : [])]
  const server = execa(phpFpmProgram, flags, { reject: false, stdin: 'ignore' })
  await pause(200)
  if (server.exitCode !== null) throw new Error(`PHP-FPM did not start: ${(await server).stderr}`)
  const stop = async (): Promise<void> => {
    server.kill('SIGTERM')
    await server
    await rm(folder, { recursive: true, force: true })
  }
  return { port, statusPort, sleeps, stop }
}
