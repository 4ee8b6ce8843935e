import { expect, test } from 'vitest'
import { auditOf } from '../../../budgets/audit/audit.ts'
import { auditText } from '../../../reports/audit/text.ts'
import type { Visit } from '../../../runner/audit/visit.ts'
import { aCertificate, aGreeting, anAsset, aVisit, origin, visitedAt } from '../../support/a-visit.ts'

const textOf = (visit: Visit, colour = false): string => auditText(auditOf(visit, visitedAt), { colour, columns: 80 })

test('a page with nothing wrong takes a few lines', () => {
  expect(
    textOf(aVisit({ assets: [anAsset('/site.css')] }))
      .split('\n')
      .slice(0, 2),
  ).toEqual([`${origin}/`, 'nothing found · 2 files, 4 kB, 4 requests'])
})

test('a finding has its evidence, its gain and its fix, each in its place', () => {
  const asset = anAsset('/app.js', {
    headers: { 'cache-control': 'max-age=60' },
    body: { sent: 300_000, unpacked: 300_000, packed: { gzip: 80_000, brotli: 70_000 } },
  })
  expect(
    textOf(aVisit({ assets: [asset] }))
      .split('\n')
      .slice(3, 12),
  ).toEqual([
    '! warning  1 text file is sent without compression, 300 kB in all.',
    '    /app.js  300 kB as sent, 80 kB with gzip, 70 kB with Brotli',
    '    gain     220 kB less on a first visit (73 %), as gzip -6 packs it here',
    '    nginx    gzip on; gzip_comp_level 6; gzip_min_length 1000; gzip_vary on;',
    '             gzip_proxied any; gzip_types text/css text/plain text/javascript',
    '               application/javascript application/json application/xml',
    '               application/wasm image/svg+xml;',
    "    express  app.use(require('compression')())",
    '    caddy    encode zstd gzip',
  ])
})

test('of much evidence some is shown and the rest counted', () => {
  const assets = Array.from({ length: 8 }, (_, at) => anAsset(`/${at}.css`, { headers: {} }))
  expect(textOf(aVisit({ assets }))).toContain('    and 3 more; --json lists them all')
})

test('findings overlap, and the text says so where several count bytes', () => {
  const bytes = { sent: 300_000, unpacked: 300_000, packed: { gzip: 80_000, brotli: 70_000 } }
  const words = 'Each gain is by itself: they overlap, and do not add up.'
  expect(textOf(aVisit({ assets: [anAsset('/app.js', { body: bytes })] }))).not.toContain(words)
  expect(textOf(aVisit({ assets: [anAsset('/app.js', { headers: {}, body: bytes })] }))).toContain(words)
})

test('what was left out is told once for each reason', () => {
  const elsewhere = (path: string) => ({ url: `https://cdn.test/${path}`, why: 'elsewhere', because: 'cdn.test is not in targets.allow' }) as const
  const lines = textOf(aVisit({ leftOut: [elsewhere('a'), elsewhere('b'), { url: `${origin}/c`, why: 'limit', because: '--max-files 1 was reached' }] })).split(
    '\n',
  )
  expect(lines.slice(-3)).toEqual(['not looked at', '    2 files: cdn.test is not in targets.allow', `    ${origin}/c: --max-files 1 was reached`])
})

test('what a server sends draws nothing on the terminal', () => {
  const clear = '\u001b[2J'
  const shown = textOf(
    aVisit({
      page: { headers: { server: `nginx/1${clear}`, 'set-cookie': `s${clear}id=1` } },
      greetings: [
        aGreeting({
          distrust: 'SELF_SIGNED_CERT_IN_CHAIN',
          misnamed: 'no',
          certificates: [aCertificate({ subject: `a${clear}`, names: [`b${clear}`, '$(reboot)'] })],
        }),
      ],
      failed: [{ url: `${origin}/x`, because: `no${clear}` }],
    }),
  )
  expect(shown).not.toContain('\u001b')
  // Nor in the shell that a line is pasted into.
  expect(shown).not.toContain('-d $(reboot)')
})

test('colour marks the severity alone', () => {
  const coloured = textOf(aVisit({ page: { headers: { server: 'nginx/1.22.1' } } }), true)
  expect(coloured).toContain('\u001b[36m· note\u001b[39m')
})
