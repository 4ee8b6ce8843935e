/** Pages as AWS cuts them: at most so many items, which a request may lower, and a token that is known to nobody else. */
import { AwsFault } from './fault.ts'
import type { World } from './world.ts'

type Bounds = {
  /** A request may ask for 1 to so many. */
  readonly most: number
  /** Items when it does not ask. */
  readonly usual: number
  /** The name of the error for other numbers and for tokens that were not given. */
  readonly refusal: string
}

export type Page<Item> = { readonly items: Item[]; readonly next: string | undefined }

const tokenOf = (start: number): string => Buffer.from(`from ${start}`).toString('base64')

const startOf = (token: string): number => Number(/^from (\d+)$/.exec(Buffer.from(token, 'base64').toString())?.[1])

/** `world.pageSize` makes pages smaller still, as AWS may at any time. */
export const pageOf = <Item>(all: readonly Item[], { pageSize }: World, { most, usual, refusal }: Bounds, asked?: number, token?: string): Page<Item> => {
  if (asked !== undefined && !(asked >= 1 && asked <= most)) throw new AwsFault(refusal, `maxResults must be between 1 and ${most}, and is ${asked}`)
  const start = token === undefined ? 0 : startOf(token)
  if (Number.isNaN(start)) throw new AwsFault(refusal, 'The token is not valid')
  const end = start + Math.min(asked ?? usual, pageSize ?? most)
  return { items: all.slice(start, end), next: end < all.length ? tokenOf(end) : undefined }
}
