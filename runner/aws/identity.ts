/** Who asks, and of which account: shown before anything else is read. */
import type { AwsClients } from './clients.ts'
import { asking } from './refusal.ts'

export type Identity = { readonly arn: string; readonly account: string; readonly region: string }

/** @throws {AwsError} without credentials or a region that AWS takes */
export const identify = async (aws: AwsClients): Promise<Identity> => {
  const { library, client } = await aws.open('sts')
  const asked = { action: 'sts:GetCallerIdentity', resource: '*' }
  const { Arn = '', Account = '' } = await asking(asked, () => client.send(new library.GetCallerIdentityCommand({})))
  return { arn: Arn, account: Account, region: await asking(asked, () => client.config.region()) }
}
