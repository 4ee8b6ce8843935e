/** A user's cookies. The jar is made at the first Set-Cookie: most load has none, and a jar for each of a million visitors costs. */
import { CookieJar } from 'tough-cookie'

const setCookie = 'set-cookie'

export class Cookies {
  #jar: CookieJar | undefined

  /** Keeps the cookies of an answer. @param rawHeaders alternating name and value */
  keep(rawHeaders: readonly Buffer[], url: string): void {
    for (let at = 0; at < rawHeaders.length; at += 2) {
      const name = rawHeaders[at]
      if (name === undefined || name.length !== setCookie.length || name.toString('latin1').toLowerCase() !== setCookie) continue
      // Targets are often addresses or names such as `localhost`, which public-suffix rules would refuse.
      this.#jar ??= new CookieJar(undefined, { rejectPublicSuffixes: false })
      this.#jar.setCookieSync(rawHeaders[at + 1]?.toString('utf8') ?? '', url, { ignoreError: true })
    }
  }

  /** Value of the Cookie header, or undefined when there are none for this URL. */
  headerFor(url: string): string | undefined {
    return this.#jar?.getCookieStringSync(url) || undefined
  }
}
