/** A private Prometheus on a free loopback port that scrapes itself each second. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { freePort } from './free-port.ts'
import { findProgram } from './programs.ts'
import { untilAnswering } from './until-answering.ts'

const server = findProgram('prometheus')
const client = findProgram('promtool')
export const hasPrometheus = server !== undefined && client !== undefined

/** What promtool says to some files. */
export const promtool = (folder: string, ...flags: readonly string[]): Promise<{ readonly exitCode?: number | undefined; readonly all?: string | undefined }> =>
  execa(client ?? 'promtool', flags, { cwd: folder, reject: false, all: true })

export type Prometheus = {
  readonly url: string
  /** What promtool prints for an instant query: the values, as numbers. */
  values(query: string): Promise<number[]>
  stop(): Promise<void>
}

/** @param given texts of rule files */
export const startPrometheus = async (given: { readonly rules?: readonly string[] } = {}): Promise<Prometheus> => {
  if (server === undefined || client === undefined) throw new Error('Prometheus is not installed. Tests that need it skip when hasPrometheus is false.')
  const folder = await mkdtemp(join(tmpdir(), 'scale-surgeon-prometheus-'))
  const port = await freePort()
  await writeFile(
    join(folder, 'prometheus.yml'),
    `global: { scrape_interval: 1s }\nrule_files: ['${folder}/rules-*.yml']\nscrape_configs: [{ job_name: itself, static_configs: [{ targets: ['127.0.0.1:${port}'] }] }]\n`,
  )
  for (const [at, text] of (given.rules ?? []).entries()) await writeFile(join(folder, `rules-${at}.yml`), text.replaceAll('interval: 30s', 'interval: 1s'))
  const flags = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`]
  const running = execa(server, flags, { reject: false, stdin: 'ignore', cwd: folder })
  const url = `http://127.0.0.1:${port}`
  const stop = async (): Promise<void> => {
    running.kill('SIGTERM')
    await running
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await untilAnswering(`${url}/-/ready`, running)
  } catch (error) {
    await stop()
    throw error
  }
  // `name{labels} => 12 @[1700000000]`, or `scalar: 12 @[…]`
  const values: Prometheus['values'] = async (query) =>
    [...(await execa(client, ['query', 'instant', url, query])).stdout.matchAll(/(?:=>|scalar:) (\S+) @/g)].map(([, value]) => Number(value))
  return { url, values, stop }
}
