/** Watches a PostgreSQL database through one connection of its own, opened before the load: afterwards there may be none left. */
import type { Client } from 'pg'
import { z } from 'zod'
import type { Caveat, Observation } from '../../run.ts'
import { probeKind } from '../kind.ts'
import type { Parting, Probe, Sample } from '../probe.ts'
import { type Activity, activityQuery, samplesOf } from './activity.ts'
import { observationsOf, type Statement, type Statements, statementsBetween, statementsQuery } from './statements.ts'
import { type Indexes, indexesQuery, type Table, type Tables, tableObservations, tablesQuery } from './tables.ts'

const options = z.strictObject({ url: z.string().min(1).describe('postgres://user:password@host:port/database') })

const statementTimeout = 2000 // milliseconds: less than a reading may take, so that a slow one ends by itself

const loadPg = async (): Promise<typeof import('pg')> => {
  try {
    return await import('pg')
  } catch {
    throw new Error('the package "pg" is not installed, which speaks with PostgreSQL (npm install pg)')
  }
}

const byId = <T extends { readonly id: string }>(rows: readonly T[]): ReadonlyMap<string, T> => new Map(rows.map((row) => [row.id, row]))

type Look = { readonly statements: Statements | undefined; readonly tables: Tables }

class PostgresProbe implements Probe {
  readonly every = 1
  #client: Client | undefined
  #before: { readonly at: number; readonly activity: Activity } | undefined
  #first: Look | undefined
  #withoutStatements = ''
  #hidden = 0

  constructor(
    readonly name: string,
    private readonly url: string,
  ) {}

  async start(): Promise<void> {
    await this.#connect()
  }

  async read(): Promise<readonly Sample[]> {
    const client = this.#client ?? (await this.#connect())
    this.#first ??= await this.#look(client)
    const [activity] = (await client.query<Activity>(activityQuery)).rows
    if (activity === undefined) throw new Error('it told nothing of its sessions')
    const at = performance.now()
    const before = this.#before
    this.#before = { at, activity }
    this.#hidden = Math.max(this.#hidden, activity.hidden)
    return samplesOf(this.name, activity, before?.activity, before === undefined ? 0 : (at - before.at) / 1000)
  }

  async stop(): Promise<Parting> {
    try {
      return await this.#parting()
    } finally {
      await this.#client?.end().catch(() => {})
      this.#client = undefined
    }
  }

  async #connect(): Promise<Client> {
    const pg = await loadPg()
    const client = new pg.default.Client({
      connectionString: this.url,
      application_name: 'scale-surgeon',
      connectionTimeoutMillis: 4000,
      statement_timeout: statementTimeout,
      query_timeout: statementTimeout + 500,
    })
    // A connection that is lost between two readings is opened anew at the next one.
    client.on('error', () => {
      if (this.#client === client) this.#client = undefined
    })
    client.on('end', () => {
      if (this.#client === client) this.#client = undefined
    })
    await client.connect()
    this.#client = client
    return client
  }

  async #look(client: Client): Promise<Look> {
    const tables = byId((await client.query<Table>(tablesQuery)).rows)
    try {
      return { tables, statements: byId((await client.query<Statement>(statementsQuery)).rows) }
    } catch (error) {
      this.#withoutStatements = (error as Error).message
      return { tables, statements: undefined }
    }
  }

  async #parting(): Promise<Parting> {
    const observations = await this.#observations().catch((): Observation[] => [])
    const caveats: Caveat[] = []
    if (this.#withoutStatements !== '')
      caveats.push({
        code: 'postgres-without-statements',
        text: `Which statements took the time is unknown, because "${this.name}" can't read pg_stat_statements: ${this.#withoutStatements}. It is an extension of PostgreSQL. Add it to shared_preload_libraries, restart, and CREATE EXTENSION pg_stat_statements.`,
      })
    if (this.#hidden > 0)
      caveats.push({
        code: 'postgres-role-too-weak',
        text: `What sessions of "${this.name}" do is unknown, because its role may not see those of others. It needs pg_monitor. GRANT pg_monitor to it.`,
      })
    return { caveats, observations }
  }

  async #observations(): Promise<Observation[]> {
    const client = this.#client
    const first = this.#first
    if (client === undefined || first === undefined) return []
    const last = await this.#look(client)
    const grown =
      first.statements === undefined || last.statements === undefined
        ? []
        : statementsBetween(first.statements, last.statements).toSorted((a, b) => b.total - a.total)
    const indexes = new Map<string, Set<string>>()
    for (const { id, first: column } of (await client.query<{ id: string; first: string }>(indexesQuery)).rows)
      indexes.set(id, (indexes.get(id) ?? new Set()).add(column))
    const queries = grown.map(({ query }) => query)
    return [...observationsOf(this.name, grown), ...tableObservations(this.name, first.tables, last.tables, queries, indexes as Indexes)]
  }
}

export const postgresKind = probeKind({
  kind: 'postgres',
  reads: 'sessions, locks, transactions, cache and the slowest statements of a PostgreSQL database',
  needs:
    "CREATE ROLE perf LOGIN PASSWORD '…'; GRANT pg_monitor TO perf; GRANT CONNECT ON DATABASE … TO perf; and for statements: shared_preload_libraries = 'pg_stat_statements', CREATE EXTENSION pg_stat_statements.",
  options,
  create: (name, { url }) => new PostgresProbe(name, url),
})
