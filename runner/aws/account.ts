/** How an account of AWS is reached: as the SDK does (environment, profiles, roles, containers), with a region or address of its own if need be. */
import { z } from 'zod'

export const accountFields = {
  region: z.string().min(1).optional().describe('AWS_REGION or that of the profile when left out'),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('AWS_ENDPOINT_URL, or AWS itself when left out'),
  profile: z.string().min(1).optional().describe('of ~/.aws/config, with its role if it has one; AWS_PROFILE when left out'),
}
export type Account = { readonly region?: string | undefined; readonly endpoint?: string | undefined; readonly profile?: string | undefined }

/** What the constructors of the SDK's clients take. */
export const configurationOf = ({ region, endpoint, profile }: Account): { region?: string; endpoint?: string; profile?: string; customUserAgent: string } => {
  // The SDK would tell of Node's future in the middle of the live view, once for each process.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  return { ...(region && { region }), ...(endpoint && { endpoint }), ...(profile && { profile }), customUserAgent: 'scale-surgeon-probe' }
}

export type Grant = { readonly actions: readonly string[]; readonly resources: readonly string[] }

/** The least-privilege policy, as it can be given to `aws iam put-role-policy`; on one line, which may be wrapped at any space. */
export const policyOf = (grants: readonly Grant[]): string => {
  const statements = grants.map(({ actions, resources }) => ({ Effect: 'Allow', Action: actions, Resource: resources }))
  return JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 1).replace(/\n */g, ' ')
}
