/** Watches a MySQL or MariaDB through one connection of its own, opened before the load: afterwards there may be none left. */
import type { Connection } from 'mysql2/promise'
import { z } from 'zod'
import type { Seconds } from '../../../scenarios/units.ts'
import { firstWordsOf } from '../../machine/first-words.ts'
import { packageFor } from '../../optional-package.ts'
import type { Caveat, Observation } from '../../run.ts'
import { OwnConnection } from '../connection.ts'
import { Counters } from '../counters.ts'
import { probeKind } from '../kind.ts'
import { hostOf, serversBeside, urlFrom } from '../neighbours.ts'
import type { Parting, Probe, Sample } from '../probe.ts'
import { queryTimesOf } from '../query-times.ts'
import { type Counts, StatementHistory } from '../statement-history.ts'
import { observationsOf, type Statement, type Statements, statementsBetween, statementsOf } from '../statements.ts'
import { countsQuery, statementsQuery } from './statements.ts'
import { type Named, samplesOf, statusOf, statusQuery, type Transactions, transactionsQuery } from './status.ts'

const options = z.strictObject({
  url: z
    .string()
    .regex(/^(mysql|mariadb):\/\//, 'URLs begin with mysql:// or mariadb://')
    .describe('mysql://user:password@host:port/database'),
})

const timeout = 2000 // milliseconds: less than a reading may take, so that a slow one ends by itself

const connectTo = async (url: string, lost: () => void): Promise<Connection> => {
  const { createConnection } = await packageFor('MySQL and MariaDB', 'mysql2', () => import('mysql2/promise'))
  const connection = await createConnection({ uri: url.replace(/^mariadb:/, 'mysql:'), connectTimeout: 4000 })
  connection.on('error', lost)
  connection.on('end', lost)
  return connection
}

const isForbidden = (error: unknown): boolean => /^ER_\w*ACCESS_DENIED/.test((error as { code?: string }).code ?? '')

class MysqlProbe implements Probe {
  readonly every = 1
  readonly #connection: OwnConnection<Connection>
  readonly #counters = new Counters()
  readonly #history = new StatementHistory()
  #limit: number | undefined
  #atFirst: Statements | undefined
  #withoutStatements = ''
  #isWeak = false

  constructor(
    readonly name: string,
    url: string,
  ) {
    this.#connection = new OwnConnection((lost) => this.#connect(url, lost))
  }

  async start(): Promise<void> {
    await this.#connection.open()
  }

  async read(_: AbortSignal, at: Seconds = 0): Promise<readonly Sample[]> {
    const connection = await this.#connection.open()
    this.#atFirst ??= await this.#statements(connection)
    // One that comes too late costs its connection, which the next query tells.
    if (this.#withoutStatements === '' && this.#history.isDue(at))
      this.#history.add(at, await this.#rows<Counts>(connection, countsQuery).catch(() => undefined))
    const status = statusOf(await this.#rows<Named>(connection, statusQuery))
    const transactions = await this.#transactions(connection)
    return samplesOf(this.name, status, this.#counters.since(status), this.#limit, transactions)
  }

  async stop(): Promise<Parting> {
    try {
      return { observations: await this.#observations().catch((): Observation[] => []), caveats: this.#caveats() }
    } finally {
      this.#connection.release()?.destroy()
    }
  }

  async #connect(url: string, lost: () => void): Promise<Connection> {
    const connection = await connectTo(url, lost)
    try {
      const [row] = await this.#rows<{ most: number }>(connection, 'select /* scale-surgeon */ @@global.max_connections as most')
      this.#limit = row?.most
      return connection
    } catch (error) {
      connection.destroy() // nobody else knows of it
      throw error
    }
  }

  async #rows<Row>(connection: Connection, sql: string): Promise<Row[]> {
    try {
      const [rows] = await connection.query({ sql, timeout })
      return rows as Row[]
    } catch (error) {
      if ((error as { fatal?: boolean }).fatal === true) {
        this.#connection.release()
        connection.destroy()
      }
      throw error
    }
  }

  async #transactions(connection: Connection): Promise<Transactions | undefined> {
    if (this.#isWeak) return undefined
    try {
      const [row] = await this.#rows<Record<keyof Transactions, string | number>>(connection, transactionsQuery)
      return row && { longest: Number(row.longest), longest_wait: Number(row.longest_wait) }
    } catch (error) {
      if (!isForbidden(error)) throw error
      this.#isWeak = true
      return undefined
    }
  }

  async #statements(connection: Connection): Promise<Statements> {
    try {
      const [row] = await this.#rows<{ on: number }>(connection, 'select /* scale-surgeon */ @@global.performance_schema as `on`')
      if (row?.on !== 1) this.#withoutStatements = 'performance_schema is OFF'
      const rows = row?.on === 1 ? await this.#rows<Statement>(connection, statementsQuery) : []
      return statementsOf(rows)
    } catch (error) {
      if ((error as { fatal?: boolean }).fatal === true) throw error
      this.#withoutStatements = (error as Error).message
      return new Map()
    }
  }

  async #observations(): Promise<Observation[]> {
    if (this.#atFirst === undefined || this.#withoutStatements !== '') return []
    const last = await this.#statements(await this.#connection.open())
    this.#history.end([...last.values()])
    return [
      ...observationsOf(this.name, 'query', statementsBetween(this.#atFirst, last), (id) => this.#history.of(id)),
      ...queryTimesOf(this.name, this.#atFirst, last),
    ]
  }

  #caveats(): Caveat[] {
    const caveats: Caveat[] = []
    if (this.#withoutStatements !== '')
      caveats.push({
        code: 'mysql-without-statements',
        text: `Which statements took the time is unknown, because "${this.name}" can't read the performance schema: ${this.#withoutStatements}. It counts each statement. Set performance_schema = ON, restart, and GRANT SELECT ON performance_schema.* to the role.`,
      })
    if (this.#isWeak)
      caveats.push({
        code: 'mysql-role-too-weak',
        text: `How long transactions of "${this.name}" last and wait is unknown, because its role may not see those of others. It needs PROCESS. GRANT PROCESS ON *.* to it.`,
      })
    return caveats
  }
}

/** The server speaks first: length, number, version 10 of the protocol, and its own version up to a zero byte. @example greetedBy(…) // 'MariaDB 10.11.6' */
export const greetedBy = (heard: Buffer | undefined): string | undefined => {
  if (heard === undefined || heard[4] !== 10) return undefined
  const [version = ''] = heard.subarray(5).toString('latin1').split('\0')
  // MariaDB puts 5.5.5- before its own version, for clients that stumble over a 10.
  const [, number] = /^(?:5\.5\.5-)?(\d+\.\d+\.\d+)/.exec(version) ?? []
  return number === undefined ? undefined : `${/MariaDB/i.test(version) ? 'MariaDB' : 'MySQL'} ${number}`
}

export const mysqlKind = probeKind({
  kind: 'mysql',
  reads: 'connections, locks, transactions, cache and the slowest statements of a MySQL or MariaDB',
  needs:
    "CREATE USER perf IDENTIFIED BY '…'; GRANT PROCESS ON *.* TO perf; and for statements: performance_schema = ON, GRANT SELECT ON performance_schema.* TO perf, and any right on the database of the url.",
  options,
  package: 'mysql2',
  create: (name, { url }) => new MysqlProbe(name, url),
  looksFor: "a MySQL or MariaDB on this machine: where the target's connections lead, and on port 3306",
  detect: (world) =>
    serversBeside(
      world,
      { called: 'MySQL or MariaDB', programs: /^(mysqld|mariadbd)$/, port: 3306 },
      async ({ address, port }) => greetedBy(await firstWordsOf(address, port)),
      (place) => urlFrom('MYSQL_URL', `mysql://perf:…@${hostOf(place)}/…`),
    ),
})
