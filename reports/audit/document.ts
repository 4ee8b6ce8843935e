/** An audit as one JSON document for other programs: its shape is published by `perf schema audit`. */
import { z } from 'zod'
import type { Audit } from '../../budgets/audit/audit.ts'
import type { Gain } from '../../budgets/audit/finding.ts'
import type { Asset, Exchange } from '../../runner/audit/visit.ts'

const bytes = z.number().describe('bytes')
const milliseconds = z.number().describe('milliseconds')

const gain = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('bytes'), low: bytes, high: bytes, because: z.string() }),
  z.object({ kind: z.literal('milliseconds'), low: milliseconds, high: milliseconds, because: z.string() }),
  z.object({ kind: z.literal('unknown'), because: z.string() }),
  z.object({ kind: z.literal('protection'), because: z.string().describe('makes nothing faster') }),
])

const finding = z.object({
  check: z.string().describe('such as compression; stable'),
  severity: z.enum(['critical', 'warning', 'note']),
  title: z.string(),
  evidence: z.array(z.object({ url: z.string(), shows: z.string(), header: z.string().optional(), bytes: bytes.optional() })),
  gain,
  fix: z.array(z.object({ where: z.enum(['nginx', 'express', 'caddy', 'markup', 'anywhere']), lines: z.array(z.string()) })),
})

const file = z.object({
  url: z.string(),
  roles: z.array(z.enum(['page', 'script', 'style', 'image', 'icon', 'preload'])),
  status: z.int(),
  milliseconds,
  sent: bytes.describe('bytes of the body as it was sent'),
  unpacked: bytes.nullable().describe('bytes without its compression; null where that could not be taken off'),
  whole: z.boolean().describe('false when a limit ended the reading'),
  gzip: bytes.optional().describe('bytes that gzip -6 makes of it; of text only'),
  image: z.object({ format: z.string(), width: z.number(), height: z.number() }).optional(),
})

const said = z.array(z.object({ check: z.string(), because: z.string() }))

export const auditSchema = z.object({
  format: z.literal(1),
  url: z.string().describe('as it was asked for'),
  page: z.string().nullable().describe('where the redirects ended; null when it was not read'),
  startedAt: z.iso.datetime(),
  requests: z.int(),
  bytes: bytes.describe('bytes of all bodies'),
  findings: z.array(finding).describe('what keeps users out first, then by gain'),
  fine: said,
  unknown: said,
  notLookedAt: z.array(z.object({ url: z.string(), why: z.enum(['elsewhere', 'limit', 'distrust']), because: z.string() })),
  files: z.array(file),
  exitCode: z.int(),
})

/** Whole bytes, and milliseconds to a thousandth: more digits than that nobody measured. */
const roundedGain = (given: Gain): z.infer<typeof gain> => {
  if (given.kind !== 'bytes' && given.kind !== 'milliseconds') return given
  const digits = given.kind === 'bytes' ? 0 : 3
  return { ...given, low: Number(given.low.toFixed(digits)), high: Number(given.high.toFixed(digits)) }
}

const fileOf = ({ url, status, milliseconds: time, body }: Exchange, roles: z.infer<typeof file>['roles']): z.infer<typeof file> => ({
  url,
  roles,
  status,
  milliseconds: Number(time.toFixed(3)),
  sent: body.sent,
  unpacked: body.unpacked,
  whole: body.isWhole,
  ...(body.packed && { gzip: body.packed.gzip }),
  ...(body.image && { image: body.image }),
})

const assetOf = ({ exchange, references }: Asset): z.infer<typeof file> => fileOf(exchange, [...new Set(references.map(({ role }) => role))])

export const auditDocument = ({ visit, findings, fine, unknown }: Audit, exitCode: number): z.input<typeof auditSchema> => ({
  format: 1,
  url: visit.asked,
  page: visit.page?.url ?? null,
  startedAt: visit.startedAt,
  requests: visit.requests,
  bytes: visit.bytes,
  findings: findings.map((each) => ({
    ...each,
    gain: roundedGain(each.gain),
    evidence: [...each.evidence],
    fix: each.fix.map(({ where, lines }) => ({ where, lines: [...lines] })),
  })),
  fine: [...fine],
  unknown: [...unknown],
  notLookedAt: [...visit.leftOut],
  files: [...(visit.page ? [fileOf(visit.page, ['page'])] : []), ...visit.assets.map(assetOf)],
  exitCode,
})

export const auditJsonSchema = (): unknown => z.toJSONSchema(auditSchema, { io: 'input' })
