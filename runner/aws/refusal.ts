/** What AWS says against a request, as the end of a sentence that names the action and the resource: a policy is written in these. */

/** What was asked for. `action` as in policies: sqs:GetQueueAttributes · `resource`: an ARN, or * */
export type Asked = { readonly action: string; readonly resource: string }

type Failure = {
  readonly name?: string
  readonly code?: string
  readonly message?: string
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number }
}

export class AwsError extends Error {
  /**
   * @param isLasting will be refused each time, however long one waits
   * @param isDenied a policy does not allow it
   */
  constructor(
    message: string,
    readonly isLasting: boolean,
    readonly isDenied = false,
  ) {
    super(message)
  }
}

const denied = /AccessDenied|NotAuthorized|UnauthorizedOperation|AuthorizationError/
const throttled = /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/
const strange = /Credentials|TokenProvider|ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature|IncompleteSignature/
/** What there is none of, by the name of the error. */
const absent: readonly (readonly [RegExp, string])[] = [
  [/QueueDoesNotExist|NonExistentQueue/, 'queue'],
  [/ClusterNotFound/, 'cluster'],
  [/ServiceNotFound/, 'service'],
  [/TargetGroupNotFound/, 'target group'],
]

/** @param error whatever the SDK has thrown */
export const refusalOf = (error: unknown, { action, resource }: Asked): AwsError => {
  // Of an earlier request that this one needed: taking on a role.
  if (error instanceof AwsError) return error
  const { name = 'Error', code, message = '', $metadata } = error as Failure
  const asked = `${action} on ${resource}`
  const said = message.split('\n')[0]?.replace(/\.$/, '') ?? ''
  if (denied.test(name))
    return new AwsError(`${asked} is not allowed (${name}: ${said}); the policy of whoever runs perf must allow ${action} on ${resource}`, true, true)
  if (throttled.test(name)) return new AwsError(`${asked} was throttled, ${$metadata?.attempts ?? 1} times in a row (${name}: ${said})`, false)
  if (strange.test(name))
    return new AwsError(
      `${asked} found no credentials that AWS takes (${name}: ${said}); they are looked for where the SDK does: AWS_PROFILE, AWS_ACCESS_KEY_ID, a role`,
      true,
    )
  const thing = absent.find(([names]) => names.test(name))?.[1]
  if (thing !== undefined) return new AwsError(`${asked} found no such ${thing}; a ${thing} is known by its name, account and region together`, true)
  if (said === 'Region is missing')
    return new AwsError(`${asked} went nowhere, because no region is known; name it under region, by --region or in AWS_REGION`, true)
  // JSON can't be read; what is read as XML has no error in it.
  if (name === 'SyntaxError' || name === 'Unknown')
    return new AwsError(`${asked} was answered with status ${$metadata?.httpStatusCode ?? '?'} by something that does not speak as AWS does`, false)
  return new AwsError(`${asked} failed (${code ?? name}: ${said})`, false)
}

/** @throws {AwsError} when `work` has failed */
export const asking = async <Answer>(asked: Asked, work: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await work()
  } catch (error) {
    const refusal = refusalOf(error, asked)
    refusal.cause ??= error // whether it was answered at all stands there
    throw refusal
  }
}
