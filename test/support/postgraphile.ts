/** Somebody else's API on a real database: PostGraphile serves GraphQL from a private PostgreSQL. */
import { createRequire } from 'node:module'
import { execa } from 'execa'
import { freePort } from './free-port.ts'
import { type Postgres, startPostgres } from './postgres.ts'
import { untilAnswering } from './until-answering.ts'

export type Postgraphile = {
  readonly url: string
  /** Path of the GraphQL endpoint: POST {"query": "…"}. */
  readonly path: '/graphql'
  readonly postgres: Postgres
  truth(): { readonly products: number; readonly reviewsPerProduct: number }
  stop(): Promise<void>
}

const products = 500
const reviewsPerProduct = 4

const schema = `
create table products (id integer primary key, name text not null, cents integer not null);
create table reviews (id serial primary key, product_id integer not null references products, stars integer not null, words text not null);
insert into products select n, 'product ' || n, 100 + n * 7 % 900 from generate_series(1, ${products}) n;
insert into reviews (product_id, stars, words)
  select p, 1 + (p + r) % 5, repeat('good ', r) from generate_series(1, ${products}) p, generate_series(1, ${reviewsPerProduct}) r;
create index on reviews (product_id);
analyze;
`

/** @param pool most connections of the API to its database */
export const startPostgraphile = async ({ pool = 10 }: { readonly pool?: number } = {}): Promise<Postgraphile> => {
  const postgres = await startPostgres()
  await postgres.sql(schema)
  const port = await freePort()
  const cli = createRequire(import.meta.url).resolve('postgraphile/cli.js')
  const flags = ['--host', '127.0.0.1', '--port', String(port), '--max-pool-size', String(pool), '--disable-query-log', '--disable-graphiql']
  const server = execa(process.execPath, [cli, '--connection', postgres.url, '--schema', 'public', ...flags], {
    reject: false,
    stdin: 'ignore',
    env: { NODE_ENV: 'production', NODE_OPTIONS: '' },
  })
  const url = `http://127.0.0.1:${port}`
  const stop = async (): Promise<void> => {
    server.kill('SIGTERM')
    await server
    await postgres.stop()
  }
  try {
    await untilAnswering(`${url}/graphql?query={__typename}`, server)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, path: '/graphql', postgres, truth: () => ({ products, reviewsPerProduct }), stop }
}
