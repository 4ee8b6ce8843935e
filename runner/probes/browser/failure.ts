/** Says why a page did not come, in the words that failed requests have in a run. */
import type { ErrorKind } from '../../run.ts'

/** What Chromium's net_error_list.h calls them; the rest is `other`. */
const kinds: readonly (readonly [name: RegExp, kind: ErrorKind])[] = [
  [/Timeout .*exceeded|ERR_(CONNECTION_)?TIMED_OUT/, 'timeout'],
  [/ERR_CONNECTION_REFUSED/, 'refused'],
  [/ERR_CONNECTION_(RESET|ABORTED)/, 'reset'],
  [/ERR_(EMPTY_RESPONSE|CONNECTION_CLOSED|INCOMPLETE_CHUNKED_ENCODING|CONTENT_LENGTH_MISMATCH)/, 'closed'],
  [/ERR_(NAME_NOT_RESOLVED|DNS\w*|NAME_RESOLUTION_FAILED)/, 'dns'],
  [/ERR_(SSL|CERT|BAD_SSL)\w*/, 'tls'],
  [/ERR_(UNSAFE_PORT|BLOCKED_BY\w*|ACCESS_DENIED)/, 'blocked'],
  [/ERR_(ADDRESS_UNREACHABLE|INTERNET_DISCONNECTED|NETWORK\w*)/, 'unreachable'],
  [/ERR_(INVALID_HTTP_RESPONSE|INVALID_RESPONSE|HTTP2\w*|INVALID_REDIRECT|TOO_MANY_REDIRECTS)/, 'protocol'],
]

export const failureOf = (message: string): ErrorKind => kinds.find(([name]) => name.test(message))?.[1] ?? 'other'
