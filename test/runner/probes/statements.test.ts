import { expect, test } from 'vitest'
import { observationsOf, type Statement, statementsBetween, statementsOf } from '../../../runner/probes/statements.ts'

const statement = (id: string, calls: number, total: number): Statement => ({
  id,
  query: `select\n  ${id}`,
  calls,
  total,
  rows: calls,
  rows_examined: calls * 100,
})

test('statements are told by the time they took between two looks, with what the server counts of them', () => {
  const before = statementsOf([statement('a', 10, 100), statement('b', 5, 5)])
  const after = statementsOf([statement('a', 12, 130), statement('b', 5, 5), statement('c', 1, 10)])
  expect(observationsOf('shop', 'query', statementsBetween(before, after))).toEqual([
    { probe: 'shop', kind: 'query', subject: 'select a', values: { calls: 2, total: 30, mean: 15, rows: 2, rows_examined: 200, share: 0.75 } },
    { probe: 'shop', kind: 'query', subject: 'select c', values: { calls: 1, total: 10, mean: 10, rows: 1, rows_examined: 100, share: 0.25 } },
  ])
})

test('a statement that the server forgot in between counts from 0 again', () => {
  const grown = statementsBetween(statementsOf([statement('a', 100, 900)]), statementsOf([statement('a', 3, 60)]))
  expect(grown).toEqual([{ id: 'a', query: 'select a', calls: 3, total: 60, values: { calls: 3, total: 60, mean: 20, rows: 3, rows_examined: 300 } }])
})

test('of many statements those are told that took most together, most a call, or came most often', () => {
  const many = Array.from({ length: 100 }, (_, index) => statement(`often${index}`, 50 + index, 1000 - index))
  const [slowest, oftenest] = [statement('slow', 1, 90), statement('quick', 10_000, 1)]
  const told = observationsOf('shop', 'query', statementsBetween(statementsOf([]), statementsOf([...many, slowest, oftenest])))
  const subjects = told.map(({ subject }) => subject)
  expect(subjects[0]).toBe('select often0')
  expect(subjects).toContain('select slow')
  expect(subjects).toContain('select quick')
  expect(subjects.length).toBeLessThanOrEqual(20)
})

test('a long text is cut, and says so', () => {
  const [grown] = statementsBetween(statementsOf([]), statementsOf([{ id: '1', query: `select ${'x, '.repeat(1000)}`, calls: 1, total: 1 }]))
  expect(grown?.query).toMatch(/^select x, .* …$/)
  expect(grown?.query.length).toBe(602)
})
