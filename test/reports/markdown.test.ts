import { expect, test } from 'vitest'
import { markdown } from '../../reports/markdown.ts'
import { expectGolden } from './support/golden.ts'
import { everyReport } from './support/situations.ts'

test.each(Object.entries(everyReport))('%s reads as it always did', (name, make) => expectGolden(`${name}.md`, markdown(make())))

test('a hostile name can neither start a tag, end a cell nor call anybody', () => {
  const output = markdown(everyReport.hostileNames())
  const outsideCode = output.replace(/(`+)[^`][\s\S]*?\1/g, '')
  expect(outsideCode).not.toMatch(/<(?!\/?(details|summary)>)/)
  expect(outsideCode).not.toMatch(/@\w/)
  const columns = (line: string): number => line.replace(/\\\|/g, '').split('|').length
  const endpoints = output.split('\n').filter((line) => line.includes('/`') || line.startsWith('| `GET'))
  for (const line of endpoints) expect(columns(line)).toBe(10)
})

test('tables come after a blank line, or they would be text', () => {
  const lines = markdown(everyReport.failingSpike()).split('\n')
  for (const [index, line] of lines.entries()) if (/^\| (:?-+:? \| ?)+/.test(line)) expect(lines[index - 2]).toBe('')
})
