/** `perf audit URL`: one visit to a page, without load, and what could be better about how it is served. */
import { auditOf } from '../../budgets/audit/audit.ts'
import type { Finding, Severity } from '../../budgets/audit/finding.ts'
import { auditDocument } from '../../reports/audit/document.ts'
import { auditText } from '../../reports/audit/text.ts'
import { gateFor, noLoad } from '../audit/gate.ts'
import type { Limits } from '../audit/traffic.ts'
import type { Visit } from '../audit/visit.ts'
import { visit } from '../audit/visitor.ts'
import { readConfig } from '../config.ts'
import { startDemoShop } from '../demo-shop/start.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import { UsageError } from '../errors/usage-error.ts'
import { type Io, usesColour } from '../io.ts'
import type { RunFlags } from '../run-flags.ts'
import { admit, resolveName } from '../safety/allow-list.ts'
import { redactor } from '../safety/redact.ts'
import { type Settings, settle } from '../settings.ts'
import { auditAgentOf } from '../user-agent.ts'
import { ownVersion } from '../version.ts'

export type AuditFlags = Pick<RunFlags, 'config' | 'env' | 'insecure' | 'production' | 'json'> & {
  readonly failOn?: string
  readonly maxFiles?: string
  readonly maxMegabytes?: string
}

const longest = 120 // seconds

const failing: Readonly<Record<string, readonly Severity[]>> = { critical: ['critical'], warning: ['critical', 'warning'] }

const readFailOn = (text: string | undefined): readonly Severity[] => {
  if (text === undefined) return []
  const severities = failing[text]
  if (severities === undefined)
    throw new UsageError(
      `--fail-on "${text}" is not known. It is ${Object.keys(failing).join(' or ')}, the least that makes the exit code 1. Write --fail-on critical.`,
    )
  return severities
}

const readCount = (text: string | undefined, flag: string, otherwise: number): number => {
  if (text === undefined) return otherwise
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`${flag} "${text}" is no whole number of at least 1. It is a ceiling. Write ${flag} ${otherwise}.`)
  return value
}

/** @throws {UsageError} before anything is asked */
const readUrl = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new UsageError(
      `"${text.replace(/\/\/[^/@]*@/, '//…@')}" is not a URL that can be audited. URLs start with http:// or https:// and name a host. Write perf audit ${/^[\w.-]+(:\d+)?(\/|$)/.test(text) ? `https://${text}` : 'https://shop.example.com'}.`,
    )
  url.hash = ''
  return url
}

/** A finding that is graver than asked for fails; where ceilings kept files from being read, their absence is no pass. */
const exitCodeOf = (findings: readonly Finding[], { leftOut }: Visit, severities: readonly Severity[]): ExitCode => {
  if (severities.length === 0) return 0
  if (findings.some(({ severity }) => severities.includes(severity))) return 1
  return leftOut.some(({ why }) => why !== 'elsewhere') ? 3 : 0
}

const visitPage = async (url: URL, settings: Settings, flags: AuditFlags, io: Io): Promise<Visit> => {
  const world = { resolve: resolveName, today: io.now().toISOString().slice(0, 10), production: settings.production }
  const { target, entry } = await admit(url.href, settings.allow, noLoad, world)
  const limits: Limits = {
    files: readCount(flags.maxFiles, '--max-files', 100),
    bytes: readCount(flags.maxMegabytes, '--max-megabytes', 50) * 1e6,
    fileBytes: 10e6,
    seconds: Math.min(longest, entry?.maxDuration ?? longest),
    rate: entry?.maxRate ?? Infinity,
  }
  return visit(url, {
    gate: gateFor({ hostname: target.hostname, addresses: target.addresses, isLoopback: entry === undefined }, settings.allow, world),
    limits,
    insecure: settings.insecure,
    userAgent: auditAgentOf(ownVersion()),
    headers: settings.headers,
    now: io.now(),
  })
}

/**
 * Exits 0 whatever was found, unless --fail-on says otherwise: findings are no budgets.
 * @param url undefined for the configuration's target, else the demo shop
 */
export const audit = async (url: string | undefined, flags: AuditFlags, io: Io): Promise<ExitCode> => {
  const severities = readFailOn(flags.failOn)
  const { config } = await readConfig(io.cwd, flags.config)
  const settings = settle(undefined, flags, io.env, config, io.cwd)
  const asked = url ?? settings.target
  const demo = asked === undefined ? await startDemoShop({}) : undefined
  try {
    if (demo !== undefined) io.stderr.write(`No URL was given: auditing the built-in demo shop at ${demo.url}.\n\n`)
    const seen = await visitPage(readUrl(asked ?? demo?.url ?? ''), settings, flags, io)
    const found = auditOf(seen, io.now())
    const exitCode = exitCodeOf(found.findings, seen, severities)
    const text =
      flags.json === true
        ? JSON.stringify(auditDocument(found, exitCode), null, 2)
        : auditText(found, { colour: usesColour(io), columns: Math.max(40, Math.min(io.columns, 120)) })
    // Addresses and headers of a page may repeat what it was asked with.
    io.stdout.write(`${redactor({ ...settings.secrets, ...settings.concealed })(text)}\n`)
    return exitCode
  } finally {
    await demo?.stop()
  }
}
