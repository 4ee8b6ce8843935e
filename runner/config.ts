/** The project's configuration file: what it may say, and reading it. */
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { testTypes } from '../scenarios/journey.ts'
import { bundle } from './bundle.ts'
import { PerfError } from './errors/perf-error.ts'
import { UsageError } from './errors/usage-error.ts'
import { durationField, rateField, sentenceOf } from './fields.ts'

/** A host that load may go to, with whose word it goes there and how much. Loopback needs no entry. */
const allowedTargetSchema = z.strictObject({
  host: z.string().min(1).describe('exact host name or address, or a suffix you own written as *.example.com'),
  owner: z.string().min(1).describe('who answers for this load'),
  environment: z.string().min(1).describe('such as staging; "production" asks for --production as well'),
  maxRate: rateField,
  maxDuration: durationField,
  maxUsers: z.int().min(1).optional(),
  expires: z.iso.date().describe('last day on which the entry counts'),
})
export type AllowedTarget = z.infer<typeof allowedTargetSchema>

const loadSchema = z.strictObject({ rate: rateField.optional(), peak: rateField.optional(), duration: durationField.optional() })

const sweepSchema = z.strictObject({
  requests: z
    .array(z.union([z.string(), z.strictObject({ request: z.string(), headers: z.record(z.string(), z.string()).optional(), body: z.string().optional() })]))
    .optional()
    .describe('such as "GET /search?q=tea"; each connection sends them in turn'),
  hold: durationField.optional(),
  maxConnections: z.int().min(1).max(65_535).optional(),
})

const probeSchema = z.looseObject({
  kind: z.string().describe('process, postgres, …: perf doctor lists them'),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_-]*$/, 'names of probes are lower case letters, digits, - and _')
    .optional()
    .describe('begins the names of its series; its kind when left out'),
})

const settingsShape = {
  target: z.string().optional(),
  scenario: z.string().optional(),
  engine: z.enum(['auto', 'embedded', 'k6']).optional(),
  budgets: z.union([z.string(), z.array(z.string())]).optional(),
  out: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
  secrets: z.array(z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'secret names are capitals, digits and underscores')).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  tests: z.partialRecord(z.enum(testTypes), loadSchema).optional(),
  sweep: sweepSchema.optional().describe('how perf run stress --sweep is made'),
  users: z.int().min(1).optional(),
  connections: z.int().min(1).optional(),
  workers: z.int().min(1).optional(),
  seed: z.int().min(0).optional(),
  gracefulStop: durationField.optional(),
  warmUp: durationField.optional(),
  insecure: z.boolean().optional(),
  probes: z.array(probeSchema).optional().describe('what watches the target; values may name variables of the environment, in dollar sign and braces'),
}

const query = z.string().min(1).optional()

export const configSchema = z.strictObject({
  ...settingsShape,
  targets: z.strictObject({ allow: z.array(allowedTargetSchema) }).optional(),
  prices: z.string().optional().describe('file of prices that perf advise tells costs by, in place of the shipped ones'),
  prometheus: z
    .strictObject({
      job: query.describe('the label job of the service'),
      requests: query.describe('all requests per second'),
      errors: query.describe('those of them that failed, per second; asked beside requests only'),
      p95: query.describe('of response time, in seconds'),
      instances: query.describe('how many serve'),
    })
    .optional()
    .describe('queries of one number by which your Prometheus knows the service, for perf advise --as prometheus-rules and grafana; the rest is assumed'),
  k6: z.strictObject({ path: z.string().optional(), extensions: z.array(z.string()).optional() }).optional(),
  environments: z.record(z.string(), z.strictObject(settingsShape)).optional().describe('chosen by --env; an entry overrides the keys above it'),
})

/** What `perf.config.ts` exports by default. */
export type Config = z.input<typeof configSchema>
export type ParsedConfig = z.output<typeof configSchema>

const names = ['perf.config.ts', 'perf.config.mjs', 'perf.config.json']

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )

const importBundled = async (file: string): Promise<unknown> => {
  const { code } = await bundle({ entry: `export { default } from ${JSON.stringify(file)}`, scenario: file, target: 'node' })
  const folder = await mkdtemp(join(tmpdir(), 'perf-config-'))
  try {
    const path = join(folder, 'config.mjs')
    await writeFile(path, code)
    return ((await import(pathToFileURL(path).href)) as { default?: unknown }).default
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const contentOf = async (file: string, shown: string): Promise<unknown> => {
  try {
    return file.endsWith('.json') ? JSON.parse(await readFile(file, 'utf8')) : await importBundled(file)
  } catch (cause) {
    if (cause instanceof PerfError)
      throw new UsageError(cause.message.replace(/A scenario is a (TypeScript module|TypeScript or JavaScript file)\./, 'It is the configuration of perf.'), {
        cause,
      })
    throw new UsageError(`${shown} can't be read: ${(cause as Error).message}. It holds the configuration of perf. Correct it, or leave it out.`, { cause })
  }
}

/**
 * The configuration of a folder, or of the file named by `--config`; `{}` when there is none.
 * @throws {UsageError} when it can't be read or says something unknown
 */
export const readConfig = async (cwd: string, named: string | undefined): Promise<{ readonly file: string | undefined; readonly config: ParsedConfig }> => {
  const candidates = named === undefined ? names.map((name) => join(cwd, name)) : [join(cwd, named)]
  for (const file of candidates) {
    if (!(await exists(file))) continue
    const shown = relative(cwd, file)
    const parsed = configSchema.safeParse(await contentOf(file, shown))
    if (!parsed.success) throw new UsageError(`${shown} ${sentenceOf(parsed.error)}. The keys and their forms are listed by perf validate --help. Correct it.`)
    return { file, config: parsed.data }
  }
  if (named !== undefined)
    throw new UsageError(`Configuration ${named} does not exist. --config names a perf.config file. Check the path, or leave --config out.`)
  return { file: undefined, config: {} }
}
