/** The shop's pages and interfaces: what each request reads, how many queries that takes, and what it answers. */
import { type Answer, BadRequestError, json, jsonText, type Question, readFields } from './answer.ts'
import { pageText, products, productText, searchText } from './catalogue.ts'
import { assets, frontPage, productPage } from './pages.ts'
import { cartOf, cookieOf, type Session, type Sessions } from './sessions.ts'

export type Services = {
  readonly sessions: Sessions
  /** One query to the data: waits for a connection, then for the answer. */
  readonly query: (kind: 'lookup' | 'search') => Promise<void>
}
type Handler = (question: Question, services: Services) => Answer | Promise<Answer>

/** What perf audit asks of a page. That it does not compress is left for it to find: its bytes are counted by many tests. */
const protections = {
  'content-security-policy': "default-src 'self'; frame-ancestors 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
}
const html = (body: string): Answer => ({ status: 200, type: 'text/html; charset=utf-8', body, headers: protections })
const notFound = (path: string): Answer => json({ error: `There is nothing at ${path}.` }, 404)
const redirect = (location: string): Answer => ({ status: 302, type: 'text/plain', body: '', headers: { location } })

const listProducts: Handler = async ({ query, path }, services) => {
  const text = pageText(Number(query.get('page') ?? 1))
  if (text === undefined) return notFound(`${path}?${query}`)
  await services.query('lookup')
  return jsonText(text)
}

/** A person who follows a link gets a page, and a program JSON. */
const showProduct: Handler = async ({ path, headers }, services) => {
  await services.query('lookup')
  const id = Number(path.slice('/products/'.length))
  const page = headers.accept?.includes('text/html') ? productPage(id) : undefined
  if (page !== undefined) return html(page)
  const text = productText(id)
  return text === undefined ? notFound(path) : jsonText(text)
}

const search: Handler = async ({ query }, services) => {
  await services.query('search')
  return jsonText(searchText((query.get('q') ?? '').slice(0, 100)))
}

const sessionOf = ({ headers }: Question, { sessions }: Services): { readonly session: Session; readonly headers: Readonly<Record<string, string>> } => {
  const known = sessions.find(headers.cookie)
  if (known) return { session: known, headers: {} }
  const session = sessions.open()
  return { session, headers: { 'set-cookie': cookieOf(session) } }
}

const addToCart: Handler = async (question, services) => {
  const { product, quantity = 1 } = await readFields(question)
  const id = Number(product)
  if (!products[id - 1]) throw new BadRequestError(404, `There is no product ${JSON.stringify(product)}.`)
  if (!(Number.isInteger(Number(quantity)) && Number(quantity) > 0)) throw new BadRequestError(400, 'The quantity is a whole number above 0.')
  await services.query('lookup')
  const { session, headers } = sessionOf(question, services)
  session.cart.set(id, (session.cart.get(id) ?? 0) + Number(quantity))
  return json(cartOf(session), 201, headers)
}

const showCart: Handler = async ({ headers }, services) => {
  await services.query('lookup')
  return json(cartOf(services.sessions.find(headers.cookie)))
}

let orders = 0

/** One query takes the goods from the stock, one writes the order. */
const checkout: Handler = async (question, services) => {
  await readFields(question)
  const session = services.sessions.find(question.headers.cookie)
  const { items, cents } = cartOf(session)
  if (!session || items === 0) throw new BadRequestError(409, 'The cart is empty.')
  await services.query('lookup')
  await services.query('lookup')
  session.cart.clear()
  orders += 1
  return json({ order: orders, items, cents }, 201)
}

/** Anybody may come in whose password is "secret". */
const login: Handler = async (question, services) => {
  const { user, password } = await readFields(question)
  await services.query('lookup')
  if (typeof user !== 'string' || user === '' || password !== 'secret') return json({ error: 'No such user and password.' }, 401)
  const { session, headers } = sessionOf(question, services)
  session.user = user
  return json({ user }, 200, headers)
}

const showAccount: Handler = async ({ headers }, services) => {
  await services.query('lookup')
  const user = services.sessions.find(headers.cookie)?.user
  return user === undefined ? json({ error: 'Nobody is logged in.' }, 401) : json({ user })
}

/** Counts the parts of a multipart body by their delimiter lines. */
const upload: Handler = async ({ headers, body }) => {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(headers['content-type'] ?? '')?.[1]
  if (boundary === undefined) throw new BadRequestError(415, 'An upload is multipart/form-data with a boundary.')
  const content = await body()
  const delimiter = `--${boundary}`
  let parts = 0
  for (let at = content.indexOf(delimiter); at !== -1; at = content.indexOf(delimiter, at + 1)) parts += 1
  if (parts < 2) throw new BadRequestError(400, 'The multipart body has no parts.')
  return json({ parts: parts - 1, bytes: content.length }, 201)
}

const routes: Readonly<Record<string, Handler>> = {
  'GET /': async (_, services) => {
    await services.query('lookup')
    return html(frontPage)
  },
  'GET /health': () => json({ status: 'ok' }),
  'GET /products': listProducts,
  'GET /search': search,
  'GET /sale': () => redirect('/products?page=2'),
  'GET /cart': showCart,
  'POST /cart': addToCart,
  'POST /checkout': checkout,
  'POST /login': login,
  'GET /account': showAccount,
  'POST /upload': upload,
}

const assetAt: Handler = ({ path }) => {
  const asset = Object.hasOwn(assets, path) ? assets[path] : undefined
  return asset ? { status: 200, type: asset.type, body: asset.text, headers: { 'cache-control': 'max-age=3600' } } : notFound(path)
}

/** The handler of a request; HEAD is answered as GET, without the body. */
export const handlerOf = (method: string, path: string): Handler => {
  const asked = `${method === 'HEAD' ? 'GET' : method} ${path}`
  if (Object.hasOwn(routes, asked)) return routes[asked] ?? (() => notFound(path))
  if (asked.startsWith('GET /products/')) return showProduct
  if (asked.startsWith('GET /assets/')) return assetAt
  return () => notFound(path)
}
