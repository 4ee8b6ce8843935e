/** One request asks the database for each of many rows by itself. */
import { reading } from '../attribution/words.ts'
import { count, figure } from '../figure.ts'
import { again, type Diagnosis } from './illness.ts'

const fewest = { perRequest: 5, calls: 100 } as const
const fewRows = 2 // a call; more would be a list that is fetched at once

export const nPlusOne: Diagnosis = (seen) => {
  const requests = seen.run.load.completed
  const [worst] = (seen.run.observations ?? [])
    .filter(({ kind, subject }) => kind === 'query' && /^\s*select\b/i.test(subject))
    .map(({ subject, probe, values }) => ({ subject, probe, calls: Number(values.calls), rows: Number(values.rows), mean: Number(values.mean) }))
    .filter(({ calls, rows }) => calls >= fewest.calls && calls >= fewest.perRequest * requests && rows <= fewRows * calls)
    .toSorted((a, b) => b.calls - a.calls)
  if (worst === undefined || requests === 0) return undefined
  const each = worst.calls / requests
  return {
    illness: 'n-plus-one',
    name: 'N+1 queries',
    evidence: [
      `"${worst.subject}" was called ${count(worst.calls)} times for ${count(requests)} requests, ${figure(each, '')} times a request, and gave ${figure(worst.rows / worst.calls, '')} rows a call.`,
      `At ${reading(worst.mean, 'ms')} a call that is ${reading(each * worst.mean, 'ms')} of the database's time in each request, and ${figure(each, '')} ways there and back.`,
    ],
    remedy: [
      'Fetch all of them with one statement: WHERE … = ANY($1), or a JOIN with the list that they belong to.',
      'In an ORM: include / preload / select_related / with the relation, or a DataLoader in GraphQL.',
    ],
    confirm: again(seen, 'about one call a request'),
  }
}
