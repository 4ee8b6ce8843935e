/** Reads the CSV and JSON files a scenario takes rows from, before any load is made. */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { Feed } from '../scenarios/journey.ts'
import { ScenarioError } from './errors/scenario-error.ts'
import type { LoadedFeed } from './plan.ts'

const rowsOf = (feed: Feed<unknown>, text: string): unknown =>
  feed.format === 'csv' ? parse(text, { columns: true, bom: true, skip_empty_lines: true, trim: true }) : JSON.parse(text)

/**
 * @param scenario the scenario's file; a feed's path is relative to it
 * @throws {ScenarioError} when a file is missing, malformed or holds no rows
 */
export const loadFeeds = (feeds: readonly Feed<unknown>[], scenario: string): Promise<readonly LoadedFeed[]> =>
  Promise.all(
    feeds.map(async (feed) => {
      const what = `Data file ${feed.path} of the scenario`
      const next = 'Correct the file, or the path, which is relative to the scenario.'
      const text = await readFile(resolve(dirname(scenario), feed.path), 'utf8').catch((cause: NodeJS.ErrnoException) => {
        throw new ScenarioError(`${what} can't be read (${cause.code}). It must be there before load starts. ${next}`, scenario, undefined, { cause })
      })
      try {
        const rows = rowsOf(feed, text)
        if (!Array.isArray(rows)) throw new Error(`it holds ${typeof rows === 'object' ? 'an object' : `a ${typeof rows}`}, not an array`)
        if (rows.length === 0) throw new Error('it has no rows')
        return { path: feed.path, rows }
      } catch (cause) {
        throw new ScenarioError(
          `${what} is no ${feed.format.toUpperCase()} to take rows from: ${(cause as Error).message}. ${feed.format === 'csv' ? 'A CSV feed has a header line and rows' : 'A JSON feed is an array'}. ${next}`,
          scenario,
          undefined,
          { cause },
        )
      }
    }),
  )
