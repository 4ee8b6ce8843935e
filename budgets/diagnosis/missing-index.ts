/** A statement reads a whole table for want of an index, and the database spends its time on that. */
import { unindexed } from '../attribution/statements.ts'
import { mostly, reading } from '../attribution/words.ts'
import { count } from '../figure.ts'
import { again, type Diagnosis } from './illness.ts'

const slow = 5 // milliseconds of a call; a table that is read whole more quickly is small

export const missingIndex: Diagnosis = (seen) => {
  const found = unindexed(seen.run)
  if (found === undefined || Number(found.query.values.mean) < slow) return undefined
  const { query, table, index } = found
  const figure = (of: typeof query, name: string): number => Number(of.values[name] ?? 0)
  return {
    illness: 'missing-index',
    name: 'Missing index',
    evidence: [
      `"${query.subject}" took ${mostly(figure(query, 'share'))} of the database's time: ${count(figure(query, 'calls'))} calls of ${reading(figure(query, 'mean'), 'ms')} each, on average.`,
      `${table.subject} was read from end to end ${count(figure(table, 'scans'))} times, ${count(Math.round(figure(table, 'rows_per_scan')))} rows each time, and no index begins with the column that the statement compares.`,
    ],
    remedy: [
      index,
      'It is built while the table is in use, and takes disk space and a little time of each write. Look at EXPLAIN of the statement afterwards.',
    ],
    confirm: again(seen, `the statement takes a fraction of ${reading(figure(query, 'mean'), 'ms')}`),
  }
}
