/** STS: who asks, and roles. */
import type { Action } from './endpoint.ts'
import { AwsFault } from './fault.ts'

export const stsActions: Readonly<Record<string, Action>> = {
  'sts:GetCallerIdentity': (_, { account, arn }) => ({ Arn: arn, UserId: 'AIDTEST', Account: account }),

  'sts:AssumeRole': ({ RoleArn, RoleSessionName }, world) => {
    const key = world.roles.get(RoleArn)
    if (!/^[\w+=,.@-]{2,64}$/.test(RoleSessionName)) throw new AwsFault('ValidationError', 'roleSessionName must satisfy [\\w+=,.@-]{2,64}')
    if (key === undefined) throw new AwsFault('AccessDenied', `User: ${world.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`, 403)
    world.arn = `${RoleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${RoleSessionName}`
    return {
      Credentials: { AccessKeyId: key, SecretAccessKey: 'secret', SessionToken: 'token', Expiration: new Date(Date.now() + 3_600_000) },
      AssumedRoleUser: { Arn: world.arn, AssumedRoleId: `AROA:${RoleSessionName}` },
    }
  },
}
