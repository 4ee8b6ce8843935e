/** Visitors known by a cookie, each with a cart. */
import { randomUUID } from 'node:crypto'
import { products } from './catalogue.ts'

export type Session = { readonly id: string; readonly cart: Map<number, number>; user: string | undefined }

/** Every arrival of a test is a new visitor; without a limit a soak test would find a leak that nobody switched on. */
const mostSessions = 20_000

export class Sessions {
  readonly #sessions = new Map<string, Session>()

  find(cookies: string | undefined): Session | undefined {
    const id = /(?:^|;\s*)sid=([^;]*)/.exec(cookies ?? '')?.[1]
    return id === undefined ? undefined : this.#sessions.get(id)
  }

  open(): Session {
    // A Map keeps the order of entry: its first key is the oldest session.
    const oldest = this.#sessions.size >= mostSessions ? this.#sessions.keys().next().value : undefined
    if (oldest !== undefined) this.#sessions.delete(oldest)
    const session: Session = { id: randomUUID(), cart: new Map(), user: undefined }
    this.#sessions.set(session.id, session)
    return session
  }
}

export const cookieOf = (session: Session): string => `sid=${session.id}; Path=/; HttpOnly; SameSite=Lax`

/** Items in the cart and their price together. */
export const cartOf = (session: Session | undefined): { readonly items: number; readonly cents: number } => {
  let items = 0
  let cents = 0
  for (const [id, quantity] of session?.cart ?? []) {
    items += quantity
    cents += quantity * (products[id - 1]?.cents ?? 0)
  }
  return { items, cents }
}
