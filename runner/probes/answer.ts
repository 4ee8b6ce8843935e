/** Asks a server for a page about itself, over HTTP. */

/** So that an access log tells who asks each second, and that it is no load. */
const userAgent = 'scale-surgeon (probe)'

/** A user and password in the URL become a header: they may not stand in a URL that is fetched, nor in a message. */
const requestOf = (url: string): { readonly url: URL; readonly headers: Readonly<Record<string, string>> } => {
  const address = new URL(url)
  const { username, password } = address
  if (username === '' && password === '') return { url: address, headers: {} }
  address.username = ''
  address.password = ''
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')
  return { url: address, headers: { authorization: `Basic ${credentials}` } }
}

/** Of a fetch that failed, the reason lies below "fetch failed". */
const reasonOf = (error: unknown): string => {
  const { cause, message } = error as Error
  return cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : message
}

export type Answer = { readonly status: number; readonly text: string }

/** @throws {Error} whose message says who was asked for what, and why there is no answer; statuses are for the caller to judge */
export const answerOf = async (url: string, signal: AbortSignal, headers: Readonly<Record<string, string>> = {}): Promise<Answer> => {
  const request = requestOf(url)
  try {
    // A redirect leads to a login page, if anywhere.
    const answer = await fetch(request.url, { headers: { 'user-agent': userAgent, ...request.headers, ...headers }, redirect: 'manual', signal })
    return { status: answer.status, text: await answer.text() }
  } catch (error) {
    throw new Error(`${request.url.host} gave no answer to ${request.url.pathname} (${reasonOf(error)})`)
  }
}

/** @throws {Error} also when the status is not 200 */
export const pageOf = async (url: string, signal: AbortSignal, headers: Readonly<Record<string, string>> = {}): Promise<string> => {
  const { status, text } = await answerOf(url, signal, headers)
  const { host, pathname } = new URL(url)
  if (status !== 200) throw new Error(`${host} answered ${pathname} with status ${status}`)
  return text
}

const searchPatience = 2000 // milliseconds; what a server tells of itself comes at once or is not there

/** The same where nobody may be: undefined when there is no answer. */
export const answerIfAny = (url: string): Promise<Answer | undefined> => answerOf(url, AbortSignal.timeout(searchPatience)).catch(() => undefined)

/** Undefined for what is no JSON. */
export const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
