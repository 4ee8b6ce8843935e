/** Policies of IAM, as they are pasted. */

export type Grant = { readonly actions: readonly string[]; readonly resources: readonly string[] }

/** The least-privilege policy, as it can be given to `aws iam put-role-policy`; on one line, which may be wrapped at any space. */
export const policyOf = (grants: readonly Grant[]): string => {
  const statements = grants.map(({ actions, resources }) => ({ Effect: 'Allow', Action: actions, Resource: resources }))
  return JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 1).replace(/\n */g, ' ')
}
