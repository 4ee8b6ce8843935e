import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Probe, Sample } from '../../../../runner/probes/probe.ts'
import { sqsKind } from '../../../../runner/probes/sqs/sqs.ts'
import { hasMoto, type Moto, startMoto } from '../../../support/moto.ts'

const world = { target: { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] } }
const never = new AbortController().signal

describe.skipIf(!hasMoto)('SQS on moto', () => {
  let moto: Moto
  let client: SQSClient
  let orders = ''
  let dead = ''
  beforeAll(async () => {
    moto = await startMoto()
    // As a user would have them: no region and no address stand in the configuration.
    for (const [name, value] of Object.entries(moto.environment)) vi.stubEnv(name, value)
    client = new SQSClient({})
    const made = async (QueueName: string, Attributes: Record<string, string> = {}) =>
      (await client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? ''
    dead = await made('orders-dead')
    const arn = (await client.send(new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ['QueueArn'] }))).Attributes?.QueueArn
    orders = await made('orders', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: '1' }), VisibilityTimeout: '600' })
  })
  afterAll(async () => {
    client?.destroy()
    vi.unstubAllEnvs()
    await moto?.stop()
  })
  const probeOf = (given: object): Probe => sqsKind.create('queue', sqsKind.options.parse({ wait: 0, ...given }), world)

  /** The same attributes by a request of its own, without the SDK. */
  const attributes = async (queue: string): Promise<Record<string, number>> => {
    const body = new URLSearchParams({ Action: 'GetQueueAttributes', 'AttributeName.1': 'All', Version: '2012-11-05' })
    // moto reads the region there, and believes any signature.
    const authorization = `AWS4-HMAC-SHA256 Credential=other/20260101/${moto.region}/sqs/aws4_request, SignedHeaders=host, Signature=none`
    const text = await (await fetch(queue, { method: 'POST', body, headers: { authorization } })).text()
    return Object.fromEntries(
      [...text.matchAll(/<Name>(ApproximateNumber\w+)<\/Name>\s*<Value>(\d+)<\/Value>/g)].map(([, name = '', value]) => [name, Number(value)]),
    )
  }
  const receive = async (MaxNumberOfMessages: number) =>
    (await client.send(new ReceiveMessageCommand({ QueueUrl: orders, MaxNumberOfMessages }))).Messages ?? []

  test('depth, messages in flight, delayed ones and dead letters are what SQS tells another client', async () => {
    for (let n = 0; n < 9; n += 1) await client.send(new SendMessageCommand({ QueueUrl: orders, MessageBody: `${n}` }))
    for (let n = 0; n < 2; n += 1) await client.send(new SendMessageCommand({ QueueUrl: orders, MessageBody: 'later', DelaySeconds: 600 }))
    // Received once and given back: the next receipt moves it to the dead letters.
    const [given] = await receive(1)
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl: orders, ReceiptHandle: given?.ReceiptHandle, VisibilityTimeout: 0 }))
    const inFlight = await receive(3)

    for (const queue of ['orders', orders]) {
      const probe = probeOf({ queues: [queue] })
      await probe.start(never)
      const samples = new Map((await probe.read(never)).map((sample: Sample) => [sample.name, sample]))
      const [told, toldOfDead] = [await attributes(orders), await attributes(dead)]
      expect(samples.get('queue.depth.orders')).toEqual({ name: 'queue.depth.orders', unit: 'count', value: told.ApproximateNumberOfMessages, limit: null })
      expect(samples.get('queue.in_flight.orders')).toMatchObject({ value: told.ApproximateNumberOfMessagesNotVisible, limit: 120_000 })
      expect(samples.get('queue.delayed.orders')?.value).toBe(told.ApproximateNumberOfMessagesDelayed)
      expect(samples.get('queue.dead_letters.orders')?.value).toBe(toldOfDead.ApproximateNumberOfMessages)
      // Nothing was received by reading.
      expect(told.ApproximateNumberOfMessagesNotVisible).toBe(inFlight.length)
      expect(inFlight.length).toBeGreaterThan(0)
      expect(toldOfDead.ApproximateNumberOfMessages).toBe(1)
      expect(told.ApproximateNumberOfMessagesDelayed).toBe(2)
      expect((told.ApproximateNumberOfMessages ?? 0) + inFlight.length).toBe(8)
      await probe.stop()
    }
  })

  test('a queue that is not there, and an address where nobody answers, are told with the action', async () => {
    await expect(probeOf({ queues: ['ordres'] }).start(never)).rejects.toThrow(/^sqs:GetQueueUrl on ordres found no such queue/)
    await expect(probeOf({ queues: ['orders'], endpoint: 'http://127.0.0.1:9' }).start(never)).rejects.toThrow(
      /^sqs:GetQueueUrl on orders failed \(ECONNREFUSED/,
    )
  })
})
