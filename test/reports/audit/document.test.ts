import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { auditOf } from '../../../budgets/audit/audit.ts'
import { auditDocument, auditJsonSchema } from '../../../reports/audit/document.ts'
import type { Visit } from '../../../runner/audit/visit.ts'
import { aGreeting, anAsset, anExchange, aVisit, origin, visitedAt } from '../../support/a-visit.ts'

const validate = new Ajv2020({ strict: false, formats: { 'date-time': true } }).compile(auditJsonSchema() as object)
const documentOf = (visit: Visit) => auditDocument(auditOf(visit, visitedAt), 0)

const image = { sent: 64_001, unpacked: 64_001, image: { format: 'jpg', width: 1600, height: 1200 } }
const redirects = [1, 2].map((hop) => ({ exchange: anExchange({ url: `${origin}/${hop}`, status: 301, milliseconds: 1.23456 }), to: `${origin}/` }))
const {
  page: _,
  markup: __,
  ...unread
} = aVisit({ greetings: [aGreeting({ distrust: 'CERT_REVOKED' })], leftOut: [{ url: `${origin}/`, why: 'distrust', because: 'it proves nothing' }] })

test.each([
  ['with nothing wrong', aVisit()],
  [
    'with findings of every kind of gain',
    aVisit({
      redirects,
      greetings: [aGreeting({ alpn: null })],
      page: { headers: { server: 'nginx/1' } },
      assets: [anAsset('/a.jpg', { body: image }, { shownAt: { width: 90, height: 70 } })],
    }),
  ],
  ['that was not read', unread],
])('the document of a page %s keeps to its schema', (_, visit) => {
  expect(validate(documentOf(visit)), JSON.stringify(validate.errors)).toBe(true)
})

test('a document with a gain of another kind would not', () => {
  const document = documentOf(aVisit({ redirects }))
  expect(validate({ ...document, findings: document.findings.map((finding) => ({ ...finding, gain: { kind: 'luck' } })) })).toBe(false)
})

test('figures have the digits that were measured', () => {
  expect(documentOf(aVisit({ redirects })).findings[0]?.gain).toMatchObject({ low: 1.235, high: 1.235 })
  const { gain } = documentOf(aVisit({ assets: [anAsset('/a.jpg', { body: image }, { shownAt: { width: 90, height: 70 } })] })).findings[0] ?? {}
  expect(gain).toMatchObject({ kind: 'bytes', low: 63_161, high: 63_791 })
})
