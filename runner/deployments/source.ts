/** Where a deployment is read from: what is reached is known, and said, before anything is read. */
import type { Deployment } from './deployment.ts'

/** A run's load, ISO dates and times: what its platform measured then belongs to the deployment. */
export type LoadTime = { readonly from: string; readonly until: string }

export type DeploymentSource = {
  /** One sentence: the account or the cluster with its address, and the name. */
  readonly announcement: string
  /** @throws {DeploymentError} when it may not be read, is not there or can't be reached */
  readonly read: (loads: readonly LoadTime[], signal: AbortSignal) => Promise<Deployment>
}
