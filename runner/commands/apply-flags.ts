/** Flags of `perf apply`, still as they were typed. */
import type { AccountFlags } from './aws-account.ts'
import type { ChangeFlags } from './change-consent.ts'
import type { PricesFlags } from './prices.ts'

export type ApplyFlags = AccountFlags &
  ChangeFlags &
  PricesFlags & {
    readonly ecs?: string
    /** Twelve digits that must be those of the account. */
    readonly account?: string
    readonly size?: boolean
    readonly rollback?: string
    readonly out?: string
  }
