/** Lists that the API server tells page by page, and requests that it takes only when it is less busy. */
import { setTimeout as pause } from 'node:timers/promises'
import { KubernetesError } from './asking.ts'

/** Of one page. More than this are rare for one Deployment, and a page of pods is large. */
export const pageSize = 100

/** After these it is left to the user. */
const attempts = { whenBusy: 4, whenExpired: 3 } as const
/** Seconds; longer is nothing that one waits for at a terminal. */
const longestPause = 5

/** The client renames `continue` in the objects it knows, and leaves it in those it doesn't. */
export type Page<Item> = { readonly metadata?: { readonly _continue?: string; readonly continue?: string }; readonly items: readonly Item[] }

const pauseAskedFor = (error: KubernetesError): number => {
  const { headers } = error.cause as { readonly headers?: Readonly<Record<string, string>> }
  const seconds = Number(headers?.['retry-after'] ?? 1)
  return Math.min(Number.isFinite(seconds) ? seconds : 1, longestPause)
}

/** @throws {KubernetesError} @param ask throws it too */
export const patiently = async <Answer>(ask: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof KubernetesError) || error.kind !== 'busy' || attempt === attempts.whenBusy) throw error
      await pause(pauseAskedFor(error) * 1000, undefined, { signal })
    }
  }
}

const allPages = async <Item>(ask: (token: string | undefined) => Promise<Page<Item>>, signal: AbortSignal): Promise<Item[]> => {
  const items: Item[] = []
  let token: string | undefined
  do {
    const page = await patiently(() => ask(token), signal)
    items.push(...page.items)
    token = page.metadata?._continue ?? page.metadata?.continue
  } while (token)
  return items
}

/** All items; a list that expires half-way (410) is read anew from its beginning, because its second half would be of another time. */
export const listAll = async <Item>(ask: (token: string | undefined) => Promise<Page<Item>>, signal: AbortSignal): Promise<Item[]> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await allPages(ask, signal)
    } catch (error) {
      if (!(error instanceof KubernetesError) || error.kind !== 'expired' || attempt === attempts.whenExpired) throw error
    }
  }
}
