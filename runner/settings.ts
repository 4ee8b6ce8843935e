/** What a run is asked to be: flags over environment over configuration over defaults, as one object. */
import { isAbsolute, resolve } from 'node:path'
import type { TestType } from '../scenarios/journey.ts'
import { type PerSecond, parseDuration, type Seconds } from '../scenarios/units.ts'
import { type BreakpointSettings, settleBreakpoint } from './breakpoint-settings.ts'
import type { AllowedTarget, ParsedConfig } from './config.ts'
import { UsageError } from './errors/usage-error.ts'
import { readDuration, readRate } from './rates-and-times.ts'
import type { WarmUp } from './run.ts'
import type { RunFlags } from './run-flags.ts'
import { type SweepSettings, settleSweep } from './sweep-settings.ts'

export type EngineChoice = 'auto' | 'embedded' | 'k6' | 'replay'

/** A probe as configured: variables are filled in, its options still unread. */
export type ProbeEntry = { readonly kind: string; readonly name?: string; readonly options: Readonly<Record<string, unknown>> }

export type Settings = {
  readonly target: string | undefined
  readonly source:
    | { readonly kind: 'scenario'; readonly file: string | undefined }
    | { readonly kind: 'script'; readonly file: string; readonly keepOptions: boolean }
  readonly engine: EngineChoice
  /** Saved run that the replay engine plays. */
  readonly from: string | undefined
  /** Load by flags and environment: above what the scenario file says. */
  readonly asked: { readonly rate?: PerSecond; readonly peak?: PerSecond; readonly duration?: Seconds; readonly rise?: Seconds }
  /** Load by the configuration: below what the scenario file says. */
  readonly configured: { readonly rate?: PerSecond; readonly peak?: PerSecond; readonly duration?: Seconds }
  readonly poisson: boolean
  /** Undefined when the run is no sweep. */
  readonly sweep: SweepSettings | undefined
  /** Undefined when nothing is asked of a breakpoint test. */
  readonly breakpoint: BreakpointSettings | undefined
  readonly budgets: readonly string[]
  readonly out: string
  readonly env: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly allow: readonly AllowedTarget[]
  readonly users: number | undefined
  readonly connections: number | undefined
  readonly workers: number
  readonly seed: number | undefined
  readonly gracefulStop: Seconds
  /** Whole seconds at the beginning that count in no figure, and who asked for them. */
  readonly warmUp: WarmUp
  readonly insecure: boolean
  readonly production: boolean
  readonly probes: readonly ProbeEntry[]
  /** Values of variables that the probes' entries name, and passwords within them: kept out of everything written or printed. */
  readonly concealed: Readonly<Record<string, string>>
  readonly k6: { readonly path?: string | undefined; readonly extensions?: readonly string[] | undefined }
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * None unless somebody asks: a soak is there to show how the target changes with time, and the ramps of a test are a part of it.
 * Rounded up, because figures are kept by the second.
 */
const readWarmUp = (flag: string | undefined, variable: string | undefined, configured: Seconds | undefined): WarmUp => {
  const text = flag ?? variable
  if (text === undefined)
    return configured === undefined ? { seconds: 0, because: '' } : { seconds: Math.ceil(configured), because: 'warmUp in the configuration' }
  const because = flag === undefined ? 'PERF_WARM_UP' : '--warm-up'
  const isNone = parseDuration(text) === 0 // takes back what the configuration says
  return { seconds: isNone ? 0 : Math.ceil(readDuration(text, because) ?? 0), because }
}

/** Of no length at all is a rise, too: the height comes at once. */
const readRise = (text: string | undefined): Seconds | undefined => (text !== undefined && parseDuration(text) === 0 ? 0 : readDuration(text, '--rise'))

/** @throws {UsageError} for anything else than a whole number of at least so many */
export const readWhole = (text: string | undefined, where: string, least: number): number | undefined => {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isInteger(value) || value < least)
    throw new UsageError(`${where} "${text}" is no whole number of at least ${least}. It counts things. Write ${where} ${Math.max(least, 1)}.`)
  return value
}

const readConnections = (connections: number | undefined, workers: number): number | undefined => {
  if (connections !== undefined && connections < workers)
    throw new UsageError(
      `--connections ${connections} is fewer than the ${workers} workers. Each worker has connections of its own, at least one. Write --connections ${workers} or more, or fewer --workers.`,
    )
  return connections
}

const engines: readonly EngineChoice[] = ['auto', 'embedded', 'k6', 'replay']
const readEngine = (text: string): EngineChoice => {
  const engine = engines.find((name) => name === text)
  if (engine === undefined) throw new UsageError(`Engine "${text}" is not known. The engines are ${engines.join(', ')}. Write --engine auto.`)
  return engine
}

const readVariables = (pairs: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw new UsageError(`Variable "${pair}" has no value. -e takes NAME=value. Write -e ${pair.replace('=', '') || 'NAME'}=value.`)
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )

/** Values of secrets come from the environment alone: PERF_SECRET_<NAME>, whether or not the configuration names them. */
const readSecrets = (named: readonly string[], environment: Environment): Record<string, string> => {
  const prefix = 'PERF_SECRET_'
  const given = Object.entries(environment).flatMap(([key, value]) =>
    key.startsWith(prefix) && value !== undefined ? [[key.slice(prefix.length), value] as const] : [],
  )
  const secrets = Object.fromEntries(given)
  for (const name of named) {
    if (secrets[name] === undefined)
      throw new UsageError(`Secret ${name} has no value. The configuration names it, and its value comes from the environment. Set ${prefix}${name}.`)
  }
  for (const [name, value] of given)
    if (value.length < 4)
      throw new UsageError(
        `Secret ${name} has ${value.length} characters. Shorter than 4 it can't be kept out of reports without blanking words. Use a longer one, or pass it with -e if it is none.`,
      )
  return secrets
}

/** A connection string holds a password, which error messages may repeat on its own. */
const passwordIn = (value: string): string | undefined => {
  const password = URL.canParse(value) ? decodeURIComponent(new URL(value).password) : ''
  return password === '' ? undefined : password
}

/** Fills in `${NAME}` from the environment. Such values are secrets, and so are passwords in addresses that were written out. */
const readProbes = (configured: NonNullable<ParsedConfig['probes']>, environment: Environment) => {
  const concealed: Record<string, string> = {}
  const conceal = (name: string, value: string): void => {
    concealed[name] = value
    const password = passwordIn(value)
    if (password !== undefined) concealed[`${name} password`] = password
  }
  const filled = (value: unknown, probe: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => filled(item, probe))
    if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, probe)]))
    if (typeof value !== 'string') return value
    const text = value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
      const given = environment[name]
      if (given === undefined) throw new UsageError(`Probe "${probe}" names \${${name}}, which is not set. Such values come from the environment. Set ${name}.`)
      conceal(name, given)
      return given
    })
    if (passwordIn(text) !== undefined) conceal(`of probe ${probe}`, text)
    return text
  }
  const entries = configured.map(
    ({ kind, name, ...options }): ProbeEntry => ({
      kind,
      ...(name !== undefined && { name }),
      options: filled(options, name ?? kind) as Record<string, unknown>,
    }),
  )
  return { entries, concealed }
}

/** Leaves out what is undefined, for optional properties that must be absent rather than undefined. */
const defined = <T extends object>(values: { [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T

/**
 * @param test the type typed; a named load in the configuration is that of this type
 * @throws {UsageError} for anything that can't be understood
 */
export const settle = (test: TestType | undefined, flags: RunFlags, given: Environment, config: ParsedConfig, cwd: string): Settings => {
  const environment: Environment = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')) // set to nothing is how a shell says unset
  const entry = flags.env === undefined ? undefined : config.environments?.[flags.env]
  if (flags.env !== undefined && entry === undefined)
    throw new UsageError(
      `Environment "${flags.env}" is not in the configuration. It lists ${Object.keys(config.environments ?? {}).join(', ') || 'none'}. Add it under environments, or leave --env out.`,
    )
  const from = <K extends keyof NonNullable<typeof entry>>(key: K) => entry?.[key] ?? config[key]
  const { entries: probes, concealed } = readProbes(from('probes') ?? [], environment)
  const path = (file: string): string => (isAbsolute(file) ? file : resolve(cwd, file))
  const scenario = flags.scenario ?? environment.PERF_SCENARIO ?? from('scenario')
  if (flags.script !== undefined && flags.scenario !== undefined)
    throw new UsageError('Both --scenario and --script were given. One of them says what users do. Leave one out.')
  const budgets = flags.budget ?? (environment.PERF_BUDGET === undefined ? from('budgets') : environment.PERF_BUDGET) ?? []
  const load = test === undefined ? undefined : from('tests')?.[test]
  const whole = (text: string | undefined, name: string, flag: string, least: number) =>
    readWhole(text ?? environment[name], text === undefined ? name : flag, least)
  const workers = whole(flags.workers, 'PERF_WORKERS', '--workers', 1) ?? from('workers') ?? 1
  return {
    target: flags.target ?? environment.PERF_TARGET ?? from('target'),
    source:
      flags.script !== undefined
        ? { kind: 'script', file: path(flags.script), keepOptions: flags.keepOptions ?? false }
        : { kind: 'scenario', file: scenario === undefined ? undefined : path(scenario) },
    engine: readEngine(flags.engine ?? environment.PERF_ENGINE ?? from('engine') ?? 'auto'),
    from: flags.from === undefined ? undefined : path(flags.from),
    asked: defined({
      rate: readRate(flags.rate ?? environment.PERF_RATE, '--rate'),
      peak: readRate(flags.peak ?? environment.PERF_PEAK, '--peak'),
      duration: readDuration(flags.duration ?? environment.PERF_DURATION, '--duration'),
      rise: readRise(flags.rise),
    }),
    configured: defined({ rate: load?.rate, peak: load?.peak, duration: load?.duration }),
    poisson: flags.poisson ?? false,
    sweep: settleSweep(test, flags, from('sweep')),
    breakpoint: settleBreakpoint(test, flags),
    budgets: (typeof budgets === 'string' ? [budgets] : budgets).map(path),
    out: path(flags.out ?? environment.PERF_OUT ?? from('out') ?? 'perf-results'),
    env: { ...config.env, ...entry?.env, ...readVariables(flags.variable ?? []) },
    secrets: readSecrets(from('secrets') ?? [], environment),
    headers: { ...config.headers, ...entry?.headers },
    allow: config.targets?.allow ?? [],
    users: whole(flags.users, 'PERF_USERS', '--users', 1) ?? from('users'),
    connections: readConnections(whole(flags.connections, 'PERF_CONNECTIONS', '--connections', 1) ?? from('connections'), workers),
    workers,
    seed: whole(flags.seed, 'PERF_SEED', '--seed', 0) ?? from('seed'),
    gracefulStop: readDuration(flags.gracefulStop, '--graceful-stop') ?? from('gracefulStop') ?? 30,
    warmUp: readWarmUp(flags.warmUp, environment.PERF_WARM_UP, from('warmUp')),
    insecure: flags.insecure ?? from('insecure') ?? false,
    production: flags.production ?? false,
    probes,
    concealed,
    k6: config.k6 ?? {},
  }
}
