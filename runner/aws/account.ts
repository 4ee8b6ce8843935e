/** How an account of AWS is reached: as the SDK does (environment, profiles, roles, containers), with a region, address or role of its own if need be. */
import { z } from 'zod'
import { roleCredentials } from './role.ts'

export const accountFields = {
  region: z.string().min(1).optional().describe('AWS_REGION or that of the profile when left out'),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('AWS_ENDPOINT_URL, or AWS itself when left out'),
  profile: z.string().min(1).optional().describe('of ~/.aws/config, with its role if it has one; AWS_PROFILE when left out'),
}

export type Account = {
  readonly region?: string | undefined
  readonly endpoint?: string | undefined
  readonly profile?: string | undefined
  /** Is taken on by whoever the rest says. */
  readonly role?: { readonly arn: string; readonly session: string } | undefined
}

/** What the constructors of the SDK's clients take. */
export type ClientConfiguration = {
  region?: string
  endpoint?: string
  profile?: string
  customUserAgent: string
  credentials?: ReturnType<typeof roleCredentials>
}

export const configurationOf = ({ region, endpoint, profile, role }: Account): ClientConfiguration => {
  // The SDK would tell of Node's future in the middle of the live view, once for each process.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  const own = { ...(region && { region }), ...(endpoint && { endpoint }), ...(profile && { profile }), customUserAgent: 'scale-surgeon' }
  return role === undefined ? own : { ...own, credentials: roleCredentials(role, own) }
}
