/** A service that is to be changed: its account is asked who asks before anything else, and each refusal says what is needed. */
import type { Account } from '../../aws/account.ts'
import { Addresses } from '../../aws/addresses.ts'
import { AwsClients } from '../../aws/clients.ts'
import { identify } from '../../aws/identity.ts'
import { AwsError } from '../../aws/refusal.ts'
import { DeploymentError } from '../../errors/deployment-error.ts'
import type { Place } from './place.ts'
import { readingPolicy } from './policy.ts'

/** Of whoever interrupts: the first ends what can wait, the second everything. */
export type Signals = { readonly signal: AbortSignal; readonly hurry: AbortSignal }

const refused = (error: unknown, where: string, policy: string, changed: string): DeploymentError => {
  if (error instanceof DeploymentError) return error
  const words = `${where} can't be read: ${(error as Error).message}. ${changed}`
  const rights = error instanceof AwsError && error.isDenied ? ` It can be read with this policy:\n${policy}` : ''
  return new DeploymentError(`${words}${rights}`, { cause: error })
}

const nothing = 'Nothing was changed.'

export class OpenedService {
  private constructor(
    readonly place: Place,
    private readonly addresses: Addresses,
  ) {}

  /** @throws {DeploymentError} without credentials, region or the packages */
  static async open({ cluster, service, ...account }: Account & { cluster: string; service: string }, { signal, hurry }: Signals): Promise<OpenedService> {
    const aws = new AwsClients(account)
    try {
      const identity = await identify(aws)
      return new OpenedService({ ...identity, aws, cluster, service, signal, hurry }, await Addresses.of(aws))
    } catch (error) {
      await aws.close()
      throw refused(error, `ECS service ${cluster}/${service}`, '', nothing)
    }
  }

  /** For a sentence: which service, and where it is once it was read. */
  get where(): string {
    const { cluster, service, account, region } = this.place
    const { others } = this.addresses
    return `ECS service ${cluster}/${service} (account ${account}, ${region}${others.length === 0 ? '' : `, at ${others.join(' and ')}`})`
  }

  /** A sentence, where requests do not go to AWS. */
  get detour(): string[] {
    const { others } = this.addresses
    return others.length === 0 ? [] : [`Requests go to ${others.join(' and ')}, which is not AWS: AWS_ENDPOINT_URL or the profile says so.`]
  }

  /** @param changed what has been so far: a sentence @throws {DeploymentError} with the policy that reading needs, where one is missing */
  async read<Value>(work: (place: Place) => Promise<Value>, changed = nothing): Promise<Value> {
    try {
      return await work(this.place)
    } catch (error) {
      throw refused(error, this.where, readingPolicy(this.place), changed)
    }
  }

  close(): Promise<void> {
    return this.place.aws.close()
  }
}
