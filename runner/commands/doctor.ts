/** `perf doctor`: is this machine ready to make load, and `--target`: what could watch a target. Makes no load. */
import { relative } from 'node:path'
import { machineLines, targetLines } from '../../reports/doctor.ts'
import { type ParsedConfig, readConfig } from '../config.ts'
import { engineFindings } from '../doctor/engines.ts'
import type { Finding } from '../doctor/finding.ts'
import { machineFindings } from '../doctor/machine.ts'
import { packageFindings } from '../doctor/packages.ts'
import { type ProbeFinding, probeFindings } from '../doctor/target.ts'
import { type ExitCode, PerfError } from '../errors/perf-error.ts'
import { UsageError } from '../errors/usage-error.ts'
import { type Io, usesColour } from '../io.ts'
import { type Greeting, greet } from '../preflight.ts'
import { everyKind, makeProbes } from '../probes/index.ts'
import type { RunFlags } from '../run-flags.ts'
import { admit, resolveName } from '../safety/allow-list.ts'
import { redactDeep, redactor } from '../safety/redact.ts'
import { type Settings, settle } from '../settings.ts'
import { ownPackage } from '../version.ts'

export type DoctorFlags = Pick<RunFlags, 'config' | 'env' | 'production' | 'insecure' | 'json'> & {
  /** True when it was asked for without a URL. */
  readonly target?: string | true
}

const format = 1

type Configured = { readonly file: string | undefined; readonly settings: Settings }

const configuredBy = async ({ target, ...flags }: DoctorFlags, io: Io): Promise<Configured> => {
  const { file, config } = await readConfig(io.cwd, flags.config)
  return { file, settings: settle(undefined, { ...flags, ...(typeof target === 'string' && { target }) }, io.env, config, io.cwd) }
}

const nowhere = { url: 'http://127.0.0.1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] }

/** As a run would read it, down to the options of its probes. */
const readConfiguration = async (flags: DoctorFlags, io: Io): Promise<{ readonly finding: Finding; readonly settings: Settings }> => {
  try {
    const { file, settings } = await configuredBy(flags, io)
    await makeProbes(settings.probes, { target: nowhere })
    const found = file === undefined ? 'none; defaults serve' : relative(io.cwd, file)
    return { settings, finding: { subject: 'configuration', state: 'ok', found } }
  } catch (error) {
    if (!(error instanceof PerfError)) throw error
    const [found = '', ...rest] = error.message.split(/(?<=\.) /)
    const finding: Finding = { subject: 'configuration', state: 'missing', found, advice: rest.join(' '), endsRun: error.exitCode }
    const defaults: ParsedConfig = {}
    return { finding, settings: settle(undefined, {}, {}, defaults, io.cwd) }
  }
}

const show = (io: Io, isJson: boolean | undefined, document: unknown, lines: () => readonly string[]): void => {
  io.stdout.write(isJson === true ? `${JSON.stringify(document, null, 2)}\n` : `${lines().join('\n')}\n`)
}

const lookOf = (io: Io) => ({ colour: usesColour(io), columns: Math.max(40, Math.min(io.columns, 120)) })

const examineMachine = async (flags: DoctorFlags, io: Io): Promise<ExitCode> => {
  const { finding, settings } = await readConfiguration(flags, io)
  const findings = [
    ...(await machineFindings(ownPackage().node, settings.out, relative(io.cwd, settings.out) || '.')),
    ...(await engineFindings(settings, io.env)),
    finding,
    ...packageFindings(await everyKind()),
  ]
  show(io, flags.json, { format, findings }, () => machineLines(findings, lookOf(io)))
  return findings.find(({ endsRun }) => endsRun !== undefined)?.endsRun ?? 0
}

const targetOf = ({ target }: Settings): string => {
  if (target !== undefined) return target
  throw new UsageError('No target was named. --target takes a URL, or the target of the configuration. Write perf doctor --target http://127.0.0.1:3000.')
}

const identityWords = ({ status, server }: Greeting): string => `answers with status ${status}${server === null ? '' : ` (${server})`}`

/** A configured probe that can't be read is a configuration that is wrong here. */
const codeOf = (findings: readonly ProbeFinding[]): ExitCode => (findings.some(({ state }) => state === 'fails') ? 2 : 0)

const examineTarget = async (flags: DoctorFlags, io: Io): Promise<ExitCode> => {
  const { settings } = await configuredBy(flags, io)
  const { target } = await admit(
    targetOf(settings),
    settings.allow,
    { peak: 0, duration: 0, users: 0 },
    { resolve: resolveName, today: io.now().toISOString().slice(0, 10), production: settings.production },
  )
  const redact = redactor({ ...settings.secrets, ...settings.concealed })
  const greeting = await greet({ target, insecure: settings.insecure, id: 'doctor', headers: settings.headers })
  const findings = redactDeep(await probeFindings(settings.probes, { target }), redact)
  const document = { format, target: { url: target.url, status: greeting.status, server: greeting.server }, probes: findings }
  show(io, flags.json, document, () => targetLines(`${target.url} ${identityWords(greeting)}.`, findings, lookOf(io)))
  return codeOf(findings)
}

/** @throws {PerfError} whatever keeps a target from being asked */
export const doctor = (flags: DoctorFlags, io: Io): Promise<ExitCode> => (flags.target === undefined ? examineMachine(flags, io) : examineTarget(flags, io))
