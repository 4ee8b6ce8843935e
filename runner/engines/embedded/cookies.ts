/** A user's cookies. The jar is made at the first Set-Cookie: most load has none, and a jar for each of a million visitors costs. */
import { CookieJar } from 'tough-cookie'

export class Cookies {
  #jar: CookieJar | undefined

  /** @param headers values of an answer's Set-Cookie headers */
  keep(headers: readonly string[], url: string): void {
    // Targets are often addresses or names such as `localhost`, which public-suffix rules would refuse.
    this.#jar ??= new CookieJar(undefined, { rejectPublicSuffixes: false })
    for (const header of headers) this.#jar.setCookieSync(header, url, { ignoreError: true })
  }

  /** Value of the Cookie header, or undefined when there are none for this URL. */
  headerFor(url: string): string | undefined {
    return this.#jar?.getCookieStringSync(url) || undefined
  }
}
