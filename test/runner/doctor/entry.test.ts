import { expect, test } from 'vitest'
import { z } from 'zod'
import { entryOf, templateOf } from '../../../runner/doctor/entry.ts'
import { everyKind } from '../../../runner/probes/index.ts'

test('an entry is TypeScript that says what the options are', () => {
  const options = { url: "fcgi://x/it's", limits: { 'a-b': 3, list: ['x', 2] }, on: true, headers: {} }
  const entry = entryOf('php-fpm', options)
  expect(entry).toBe("{ kind: 'php-fpm', url: 'fcgi://x/it\\'s', limits: { 'a-b': 3, list: ['x', 2] }, on: true, headers: {} }")
  expect(new Function(`return ${entry}`)()).toEqual({ kind: 'php-fpm', ...options })
})

test('a template holds what must be said, and the first of several forms', () => {
  const options = z.union([z.strictObject({ pid: z.int().describe('its number'), deep: z.boolean().optional() }), z.strictObject({ port: z.int() })])
  expect(templateOf({ kind: 'x', options })).toEqual({ entry: "{ kind: 'x', pid: 0 }", values: ['pid: its number'] })
})

test('where any one of several options does, the template is one that the kind takes', async () => {
  const kind = (await everyKind()).find((each) => each.kind === 'cloudwatch')
  const { entry } = kind === undefined ? { entry: '' } : templateOf(kind)
  expect(entry).toBe("{ kind: 'cloudwatch', ecs: { cluster: '…', service: '…' } }")
  const { kind: _, ...options } = new Function(`return ${entry}`)()
  expect(kind?.options.safeParse(options).success).toBe(true)
})

test('every kind has a template that says its kind, whatever its options are made of', async () => {
  const kinds = await everyKind()
  expect(kinds.length).toBeGreaterThanOrEqual(11)
  for (const kind of kinds) expect(templateOf(kind).entry).toContain(`kind: '${kind.kind}'`)
})

test('what is looked for can be told, and a kind that is not looked for says nothing of it', async () => {
  for (const { kind, detect, looksFor } of await everyKind()) expect([kind, looksFor !== undefined]).toEqual([kind, detect !== undefined])
})
