import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { regionIn } from '../../../../runner/probes/sqs/queue.ts'
import { sqsKind } from '../../../../runner/probes/sqs/sqs.ts'
import { type Aws, type AwsAnswer, startAws } from '../../../support/aws.ts'

const world = { target: { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] } }
const never = new AbortController().signal
const account = 'arn:aws:sqs:eu-central-1:123456789012'
const denied = { error: ['AccessDeniedException', 'User: arn:aws:iam::123456789012:user/perf is not authorized to perform this.'] } as const

let aws: Aws
/** By the queue's name and the action; what is not here is answered as a queue of its own with three messages. */
let answers: Record<string, AwsAnswer>
beforeEach(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'testing')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testing')
  vi.stubEnv('AWS_REGION', 'eu-central-1')
  answers = {}
  aws = await startAws((action, input) => {
    if (action === 'GetMetricData') return answers.metrics ?? { MetricDataResults: [] }
    const name = String(input.QueueUrl ?? input.QueueName)
      .split('/')
      .at(-1) as string
    if (action === 'GetQueueUrl') return answers[`url of ${name}`] ?? { QueueUrl: `${aws.url}/123456789012/${name}` }
    return (
      answers[name] ?? {
        Attributes: {
          QueueArn: `${account}:${name}`,
          ApproximateNumberOfMessages: '3',
          ApproximateNumberOfMessagesNotVisible: '2',
          ApproximateNumberOfMessagesDelayed: '1',
          ...(name === 'orders' && { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${account}:orders-dead`, maxReceiveCount: 5 }) }),
        },
      }
    )
  })
})
afterEach(async () => {
  await aws.stop()
  vi.unstubAllEnvs()
})
const probe = (given: object) => sqsKind.create('queue', sqsKind.options.parse({ endpoint: aws.url, wait: 0, ...given }), world)

test('a queue is read by its attributes, with the queue of its dead letters, and nothing is received', async () => {
  const watching = probe({ queues: ['orders'], age: false })
  await watching.start(never)
  expect(await watching.read(never)).toEqual([
    { name: 'queue.depth.orders', unit: 'count', value: 3, limit: null },
    { name: 'queue.in_flight.orders', unit: 'count', value: 2, limit: 120_000 },
    { name: 'queue.delayed.orders', unit: 'count', value: 1, limit: null },
    { name: 'queue.dead_letters.orders', unit: 'count', value: 3, limit: null },
  ])
  expect(watching.waits?.most).toBe(0)
  expect((await watching.stop()).caveats).toEqual([])
  expect(new Set(aws.asked.map(({ action }) => action))).toEqual(new Set(['GetQueueUrl', 'GetQueueAttributes']))
})

test('what may not be read is told with its action and resource before the load', async () => {
  answers['url of orders'] = denied
  await expect(probe({ queues: ['orders'] }).start(never)).rejects.toThrow(
    /^sqs:GetQueueUrl on orders is not allowed \(AccessDeniedException: .*\); the policy of whoever runs perf must allow sqs:GetQueueUrl on orders$/,
  )
  answers = { orders: denied }
  await expect(probe({ queues: ['orders'] }).start(never)).rejects.toThrow(/^sqs:GetQueueAttributes on orders is not allowed/)
  answers = { 'url of orders': { error: ['QueueDoesNotExist', 'The specified queue does not exist.'] } }
  await expect(probe({ queues: ['orders'] }).start(never)).rejects.toThrow(/^sqs:GetQueueUrl on orders found no such queue/)
})

test('a right that is taken away in mid-run is a gap of that queue alone, and it is said since when', async () => {
  const watching = probe({ queues: ['orders', 'mail'], age: false })
  await watching.start(never)
  await watching.read(never, 0)
  answers['orders-dead'] = denied
  answers.mail = denied
  const samples = await watching.read(never, 65)
  await watching.read(never, 70)
  expect(samples.map(({ name }) => name)).toEqual(['queue.depth.orders', 'queue.in_flight.orders', 'queue.delayed.orders'])
  expect((await watching.stop()).caveats?.map(({ text }) => text)).toEqual([
    expect.stringMatching(
      /^"queue" could not read a queue in 2 of 3 readings, first at 1:05: sqs:GetQueueAttributes on arn:aws:sqs:eu-central-1:123456789012:orders-dead is not allowed/,
    ),
    expect.stringMatching(/in 2 of 3 readings, first at 1:05: sqs:GetQueueAttributes on arn:aws:sqs:eu-central-1:123456789012:mail is not allowed/),
  ])
})

test('when all of them fail, so does the reading, and a throttled one was tried three times', async () => {
  const watching = probe({ queues: ['mail'], age: false })
  await watching.start(never)
  answers.mail = { error: ['ThrottlingException', 'Rate exceeded'] }
  const before = aws.asked.length
  await expect(watching.read(never)).rejects.toThrow(
    /^sqs:GetQueueAttributes on arn:.*:mail was throttled, 3 times in a row \(ThrottlingException: Rate exceeded\)$/,
  )
  expect(aws.asked.length - before).toBe(3)
})

test('the age comes from CloudWatch after the load', async () => {
  const start = Math.floor(Date.now() / 60_000) * 60 - 180 // seconds
  answers.metrics = { MetricDataResults: [{ Id: 'm0', StatusCode: 'Complete', Timestamps: [start, start + 60], Values: [12, 45] }] }
  const watching = probe({ queues: ['orders'] })
  await watching.start(never)
  watching.begin?.(start * 1000 - Date.now())
  const { series } = await watching.stop()
  expect(series?.[0]).toMatchObject({ name: 'queue.oldest_age.orders', unit: 's', limit: null, at: expect.arrayContaining([30, 90]) })
  expect(series?.[0]?.values.slice(0, 2)).toEqual([12, 45])
  expect(aws.asked.at(-1)?.input).toMatchObject({
    MetricDataQueries: [
      {
        MetricStat: {
          Metric: { Namespace: 'AWS/SQS', MetricName: 'ApproximateAgeOfOldestMessage', Dimensions: [{ Name: 'QueueName', Value: 'orders' }] },
          Period: 60,
          Stat: 'Maximum',
        },
      },
    ],
  })
})

test('without CloudWatch the queues are read, and it is said that the age is unknown, and why', async () => {
  answers.metrics = { error: ['AccessDenied', 'User: x is not authorized to perform: cloudwatch:GetMetricData'] }
  const watching = probe({ queues: ['orders'] })
  await watching.start(never)
  watching.begin?.(-200_000)
  expect(await watching.read(never)).toHaveLength(4)
  expect(await watching.stop()).toMatchObject({
    series: [],
    caveats: [
      {
        code: 'sqs-without-age',
        text: expect.stringMatching(/^How long messages waited .* is unknown, because cloudwatch:GetMetricData on \* is not allowed/),
      },
    ],
  })
})

test('two queues of one name would be one series, which is refused', () => {
  const queues = ['https://sqs.eu-central-1.amazonaws.com/1/orders', 'https://sqs.eu-west-1.amazonaws.com/1/orders']
  expect(sqsKind.options.safeParse({ queues }).error?.message).toContain('two queues have one name')
})

test('an address of AWS says its region', () => {
  expect(regionIn('https://sqs.eu-central-1.amazonaws.com/123456789012/orders')).toBe('eu-central-1')
  expect(regionIn('https://sqs.us-gov-west-1.amazonaws.com/1/orders')).toBe('us-gov-west-1')
  expect(regionIn('http://127.0.0.1:5000/123456789012/orders')).toBe(undefined)
  expect(regionIn('orders')).toBe(undefined)
})
