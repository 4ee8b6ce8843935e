/** Policies of IAM, as they are pasted. */

export type Grant = {
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  /** As in policies: { ArnEquals: { 'ecs:cluster': … } } */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** The least-privilege policy, as it can be given to `aws iam put-role-policy`; on one line, which may be wrapped at any space. */
export const policyOf = (grants: readonly Grant[]): string => {
  const statements = grants.map(({ actions, resources, condition }) => ({
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
    ...(condition && { Condition: condition }),
  }))
  return JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 1).replace(/\n */g, ' ')
}
