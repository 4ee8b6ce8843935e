/** One queue of SQS: where it is, what it tells, and which queue takes what it could not deliver. */
import type { SQSClient } from '@aws-sdk/client-sqs'
import { asking } from '../../aws/refusal.ts'

export type Library = typeof import('@aws-sdk/client-sqs')

/** Name at the end of an address or ARN, which is the queue's own. @example nameOf('https://sqs.eu-central-1.amazonaws.com/1/orders') // 'orders' */
export const nameOf = (queue: string): string => queue.split(/[/:]/).at(-1) ?? queue

const isUrl = (queue: string): boolean => /^https?:\/\//.test(queue)

/** @example regionIn('https://sqs.eu-central-1.amazonaws.com/1/orders') // 'eu-central-1' */
export const regionIn = (queue: string): string | undefined => /^https:\/\/(?:sqs[.])?([a-z]+(?:-[a-z]+)+-\d)[.]/.exec(queue)?.[1]

export type Depths = {
  readonly waiting: number
  readonly inFlight: number
  readonly delayed: number
}

/** How a queue is named in what is said about it: by its ARN, once it has told that. */
export type Queue = { readonly name: string; readonly url: string; readonly arn: string; readonly deadLetters: Queue | undefined }

type Attribute = 'QueueArn' | 'RedrivePolicy' | 'ApproximateNumberOfMessages' | 'ApproximateNumberOfMessagesNotVisible' | 'ApproximateNumberOfMessagesDelayed'

export class Queues {
  constructor(
    private readonly library: Library,
    private readonly client: SQSClient,
  ) {}

  /** @param queue name or address @throws {AwsError} when there is none, or it may not be seen */
  async find(queue: string, signal: AbortSignal): Promise<Queue> {
    const name = nameOf(queue)
    const url = isUrl(queue) ? queue : await this.#urlOf(queue, signal)
    const { QueueArn: arn = name, RedrivePolicy } = await this.#attributes(url, name, ['QueueArn', 'RedrivePolicy', 'ApproximateNumberOfMessages'], signal)
    const target = deadLetterArnIn(RedrivePolicy)
    if (target === undefined) return { name, url, arn, deadLetters: undefined }
    // It is of the same account and region, so its address differs in the name alone.
    const deadLetters = { name: nameOf(target), url: url.slice(0, url.length - name.length) + nameOf(target), arn: target, deadLetters: undefined }
    return { name, url, arn, deadLetters }
  }

  async depths({ url, arn }: Queue, signal: AbortSignal): Promise<Depths> {
    const told = await this.#attributes(
      url,
      arn,
      ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'],
      signal,
    )
    return {
      waiting: Number(told.ApproximateNumberOfMessages),
      inFlight: Number(told.ApproximateNumberOfMessagesNotVisible),
      delayed: Number(told.ApproximateNumberOfMessagesDelayed),
    }
  }

  /** Messages that nobody could work off. */
  async waiting({ url, arn }: Queue, signal: AbortSignal): Promise<number> {
    return Number((await this.#attributes(url, arn, ['ApproximateNumberOfMessages'], signal)).ApproximateNumberOfMessages)
  }

  async #urlOf(name: string, signal: AbortSignal): Promise<string> {
    const command = new this.library.GetQueueUrlCommand({ QueueName: name })
    const { QueueUrl } = await asking({ action: 'sqs:GetQueueUrl', resource: name }, () => this.client.send(command, { abortSignal: signal }))
    return QueueUrl ?? name
  }

  async #attributes(url: string, resource: string, names: Attribute[], signal: AbortSignal): Promise<Partial<Record<Attribute, string>>> {
    const command = new this.library.GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: names })
    const { Attributes = {} } = await asking({ action: 'sqs:GetQueueAttributes', resource }, () => this.client.send(command, { abortSignal: signal }))
    return Attributes
  }
}

/** Undefined when messages that nobody can work off come back for ever. */
const deadLetterArnIn = (policy: string | undefined): string | undefined => {
  if (policy === undefined || policy === '') return undefined
  const { deadLetterTargetArn } = JSON.parse(policy) as { readonly deadLetterTargetArn?: string }
  return deadLetterTargetArn
}
