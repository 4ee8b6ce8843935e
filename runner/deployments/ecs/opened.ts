/** A service that is to be changed: its account is asked who asks before anything else, and each refusal says what is needed. */
import type { Account } from '../../aws/account.ts'
import { AwsClients } from '../../aws/clients.ts'
import { identify } from '../../aws/identity.ts'
import { AwsError } from '../../aws/refusal.ts'
import { DeploymentError } from '../../errors/deployment-error.ts'
import type { Place } from './place.ts'
import { readingPolicy } from './policy.ts'

const refused = (error: unknown, where: string, policy: string): DeploymentError => {
  if (error instanceof DeploymentError) return error
  const words = `${where} can't be read: ${(error as Error).message}. Nothing was changed.`
  const rights = error instanceof AwsError && error.isDenied ? ` It can be read with this policy:\n${policy}` : ''
  return new DeploymentError(`${words}${rights}`, { cause: error })
}

export class OpenedService {
  private constructor(
    readonly place: Place,
    private readonly where: string,
  ) {}

  /** @throws {DeploymentError} without credentials, region or the packages */
  static async open({ cluster, service, ...account }: Account & { cluster: string; service: string }, signal: AbortSignal): Promise<OpenedService> {
    const aws = new AwsClients(account)
    const where = `ECS service ${cluster}/${service}`
    try {
      const identity = await identify(aws)
      return new OpenedService({ ...identity, aws, cluster, service, signal }, `${where} (account ${identity.account}, ${identity.region})`)
    } catch (error) {
      await aws.close()
      throw refused(error, where, '')
    }
  }

  /** @throws {DeploymentError} with the policy that reading needs, where one is missing */
  async read<Value>(work: (place: Place) => Promise<Value>): Promise<Value> {
    try {
      return await work(this.place)
    } catch (error) {
      throw refused(error, this.where, readingPolicy(this.place))
    }
  }

  close(): Promise<void> {
    return this.place.aws.close()
  }
}
