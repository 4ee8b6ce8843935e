/** Watches a PostgreSQL database through one connection of its own, opened before the load: afterwards there may be none left. */
import type { Client } from 'pg'
import { z } from 'zod'
import type { Seconds } from '../../../scenarios/units.ts'
import { clock } from '../../clock.ts'
import { firstWordsOf } from '../../machine/first-words.ts'
import { packageFor } from '../../optional-package.ts'
import type { Caveat, Observation } from '../../run.ts'
import { OwnConnection } from '../connection.ts'
import { Counters } from '../counters.ts'
import { probeKind } from '../kind.ts'
import { hostOf, serversBeside, urlFrom } from '../neighbours.ts'
import type { Parting, Probe, Sample } from '../probe.ts'
import { queryTimesOf } from '../query-times.ts'
import { Starts } from '../starts.ts'
import { type Counts, StatementHistory } from '../statement-history.ts'
import { observationsOf, type Statement, type Statements, statementsBetween, statementsOf } from '../statements.ts'
import { type Activity, activityQuery, countedBy, samplesOf } from './activity.ts'
import { countsQuery, statementsQuery } from './statements.ts'
import { type Indexes, indexesQuery, type Table, type Tables, tableObservations, tablesQuery } from './tables.ts'

const options = z.strictObject({ url: z.string().min(1).describe('postgres://user:password@host:port/database') })

const statementTimeout = 2000 // milliseconds: less than a reading may take, so that a slow one ends by itself

const connectTo = async (url: string, lost: () => void): Promise<Client> => {
  const { default: pg } = await packageFor('PostgreSQL', 'pg', () => import('pg'))
  const client = new pg.Client({
    connectionString: url,
    application_name: 'scale-surgeon',
    connectionTimeoutMillis: 4000,
    statement_timeout: statementTimeout,
    query_timeout: statementTimeout + 500,
  })
  client.on('error', lost)
  client.on('end', lost)
  await client.connect()
  return client
}

type Look = { readonly statements: Statements | undefined; readonly tables: Tables; readonly countsQueries: boolean }

class PostgresProbe implements Probe {
  readonly every = 1
  readonly #connection: OwnConnection<Client>
  readonly #counters = new Counters()
  readonly #history = new StatementHistory()
  #first: Look | undefined
  readonly #starts = new Starts()
  #withoutStatements = ''
  #hidden: { readonly since: Seconds; readings: number } | undefined

  constructor(
    readonly name: string,
    url: string,
  ) {
    this.#connection = new OwnConnection((lost) => connectTo(url, lost))
  }

  async start(): Promise<void> {
    await this.#connection.open()
  }

  async read(_: AbortSignal, at: Seconds = 0): Promise<readonly Sample[]> {
    const client = await this.#connection.open()
    this.#first ??= await this.#look(client)
    if (this.#first.statements !== undefined && this.#history.isDue(at))
      this.#history.add(
        at,
        await client.query<Counts>(countsQuery).then(
          ({ rows }) => rows,
          () => undefined, // too late, or the connection is gone, which the next query tells
        ),
      )
    const [activity] = (await client.query<Activity>(activityQuery(this.#first.countsQueries))).rows
    if (activity === undefined) throw new Error('it told nothing of its sessions')
    this.#starts.see(activity.started, at)
    if (activity.hidden > 0) {
      this.#hidden ??= { since: at, readings: 0 }
      this.#hidden.readings += 1
    }
    return samplesOf(this.name, activity, this.#counters.since(countedBy(activity)))
  }

  async stop(): Promise<Parting> {
    try {
      return await this.#parting()
    } finally {
      await this.#connection
        .release()
        ?.end()
        .catch(() => {})
    }
  }

  async #look(client: Client): Promise<Look> {
    const tables = new Map((await client.query<Table>(tablesQuery)).rows.map((table) => [table.id, table]))
    try {
      const statements = statementsOf((await client.query<Statement>(statementsQuery)).rows)
      return { tables, statements, countsQueries: await this.#canCountQueries(client) }
    } catch (error) {
      this.#withoutStatements = (error as Error).message
      return { tables, statements: undefined, countsQueries: false }
    }
  }

  /** Servers before 14 don't tell which statement is ours. */
  async #canCountQueries(client: Client): Promise<boolean> {
    return client.query(activityQuery(true)).then(
      () => true,
      () => false,
    )
  }

  async #parting(): Promise<Parting> {
    const caveats: Caveat[] = this.#starts.caveats('postgres', 'PostgreSQL', this.name)
    const observations = await this.#observations().catch((error: Error): Observation[] => {
      caveats.push({
        code: 'postgres-without-parting',
        text: `Which statements took the time is unknown, because "${this.name}" could not be asked at the end: ${error.message}. They are what was counted between the first look and the last. Let it in until the run is over.`,
      })
      return []
    })
    if (this.#withoutStatements !== '')
      caveats.push({
        code: 'postgres-without-statements',
        text: `Which statements took the time is unknown, because "${this.name}" can't read pg_stat_statements: ${this.#withoutStatements}. It is an extension of PostgreSQL. Add it to shared_preload_libraries, restart, and CREATE EXTENSION pg_stat_statements.`,
      })
    if (this.#hidden !== undefined) {
      const { since, readings } = this.#hidden
      caveats.push({
        code: 'postgres-role-too-weak',
        text: `What sessions of "${this.name}" do is unknown from ${clock(since)} on, in ${readings} ${readings === 1 ? 'reading' : 'readings'}, because its role may not see those of others. It needs pg_monitor. GRANT pg_monitor to it.`,
      })
    }
    return { caveats, observations }
  }

  async #observations(): Promise<Observation[]> {
    const first = this.#first
    if (first === undefined) return [] // it could never be read, which is told already
    const client = await this.#connection.open()
    const last = await this.#look(client)
    this.#history.end([...(last.statements?.values() ?? [])])
    const grown =
      first.statements === undefined || last.statements === undefined
        ? []
        : statementsBetween(first.statements, last.statements).toSorted((a, b) => b.total - a.total)
    const indexes = new Map<string, Set<string>>()
    for (const { id, first: column } of (await client.query<{ id: string; first: string }>(indexesQuery)).rows)
      indexes.set(id, (indexes.get(id) ?? new Set()).add(column))
    const queries = grown.map(({ query }) => query)
    return [
      ...observationsOf(this.name, 'query', grown, (id) => this.#history.of(id)),
      ...(first.statements === undefined || last.statements === undefined ? [] : queryTimesOf(this.name, first.statements, last.statements)),
      ...tableObservations(this.name, first.tables, last.tables, queries, indexes as Indexes),
    ]
  }
}

/** Asks whether there is TLS, which a server says in one byte before anybody has a name or a password. */
const sslRequest = Uint8Array.of(0, 0, 0, 8, 4, 210, 22, 47)
const isPostgres = (heard: Buffer | undefined): boolean => heard !== undefined && heard.length === 1 && ['S', 'N'].includes(heard.toString())

export const postgresKind = probeKind({
  kind: 'postgres',
  reads: 'sessions, locks, transactions, cache and the slowest statements of a PostgreSQL database',
  needs:
    "CREATE ROLE perf LOGIN PASSWORD '…'; GRANT pg_monitor TO perf; GRANT CONNECT ON DATABASE … TO perf; and for statements: shared_preload_libraries = 'pg_stat_statements', CREATE EXTENSION pg_stat_statements.",
  options,
  package: 'pg',
  create: (name, { url }) => new PostgresProbe(name, url),
  looksFor: "a PostgreSQL on this machine: where the target's connections lead, and on port 5432",
  detect: (world) =>
    serversBeside(
      world,
      { called: 'PostgreSQL', programs: /^(postgres|postmaster)$/, port: 5432 },
      async ({ address, port }) => (isPostgres(await firstWordsOf(address, port, sslRequest)) ? 'PostgreSQL' : undefined),
      (place) => urlFrom('POSTGRES_URL', `postgres://perf:…@${hostOf(place)}/…`),
    ),
})
