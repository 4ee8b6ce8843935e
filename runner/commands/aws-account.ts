/** The account that flags mean, and whether it is the one that is reached. */
import type { Account } from '../aws/account.ts'
import type { Identity } from '../aws/identity.ts'
import { SafetyError } from '../errors/safety-error.ts'

export type AccountFlags = { readonly region?: string; readonly profile?: string; readonly roleArn?: string }

/** @param region that was meant before, where no flag says another */
export const accountOf = ({ region = undefined, profile, roleArn }: AccountFlags, meant?: string): Account => ({
  region: region ?? meant,
  profile,
  ...(roleArn !== undefined && { role: { arn: roleArn, session: 'perf-apply' } }),
})

/** @throws {SafetyError} when another account is reached than is meant */
export const requireAccount = ({ account, arn }: Pick<Identity, 'account' | 'arn'>, meant: string | undefined): void => {
  if (meant !== undefined && meant !== account)
    throw new SafetyError(
      `Account ${account} was reached (as ${arn}), and ${meant} is meant. Nothing is changed in an account that was not meant. Choose another --profile or --role-arn, or correct --account.`,
    )
}
