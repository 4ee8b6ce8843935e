/** Credentials of a role that is taken on for this process (sts:AssumeRole). */
import type { STSClientConfig } from '@aws-sdk/client-sts'
import { packageFor } from '../optional-package.ts'
import { asking } from './refusal.ts'

export type Role = { readonly arn: string; readonly session: string }

type Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string; readonly expiration?: Date }

const assume = async ({ arn, session }: Role, configuration: STSClientConfig): Promise<Credentials> => {
  const library = await packageFor('STS', '@aws-sdk/client-sts', () => import('@aws-sdk/client-sts'))
  const client = new library.STSClient(configuration)
  try {
    const command = new library.AssumeRoleCommand({ RoleArn: arn, RoleSessionName: session })
    const { Credentials: given } = await asking({ action: 'sts:AssumeRole', resource: arn }, () => client.send(command))
    if (given?.AccessKeyId === undefined || given.SecretAccessKey === undefined) throw new Error(`sts:AssumeRole on ${arn} gave no credentials`)
    return {
      accessKeyId: given.AccessKeyId,
      secretAccessKey: given.SecretAccessKey,
      ...(given.SessionToken !== undefined && { sessionToken: given.SessionToken }),
      ...(given.Expiration !== undefined && { expiration: given.Expiration }),
    }
  } finally {
    client.destroy()
  }
}

/** Milliseconds before they expire at which others are asked for. */
const early = 300_000

/** What clients of the SDK ask for credentials, all of them the same. */
export const roleCredentials = (role: Role, configuration: STSClientConfig): (() => Promise<Credentials>) => {
  let held: Promise<Credentials> | undefined
  return async () => {
    const { expiration } = (await held) ?? {}
    if (held === undefined || (expiration !== undefined && expiration.getTime() - Date.now() < early)) held = assume(role, configuration)
    return held
  }
}
