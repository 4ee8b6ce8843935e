/** Gives a request the name of its endpoint, so that a thousand product pages are one series and not a thousand. */

const looksLikeId = (segment: string): boolean =>
  /^\d+$/.test(segment) ||
  /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/.test(segment) ||
  // Hexadecimal and base-62 keys have digits and letters mixed; words in a path rarely carry four digits.
  /^[0-9a-fA-F]{12,}$/.test(segment) ||
  (/^[0-9A-Za-z_-]{16,}$/.test(segment) && (segment.match(/\d/g)?.length ?? 0) >= 4) ||
  /^[A-Z]{2,5}-\d+$/.test(segment)

/**
 * Endpoint of a request: method and path, without host, query and fragment, each id replaced by `:id`.
 * Plain string work, because the same code runs inside k6, which has no URL class.
 * @example endpointOf('get', 'http://127.0.0.1:8080/products/42?size=l') // 'GET /products/:id'
 */
export const endpointOf = (method: string, url: string): string => {
  const path = url.replace(/^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/?#]*/, '').replace(/[?#].*$/, '') || '/'
  const named = path
    .split('/')
    .map((segment) => (looksLikeId(segment) ? ':id' : segment))
    .join('/')
  return `${method.toUpperCase()} ${named.startsWith('/') ? named : `/${named}`}`
}
