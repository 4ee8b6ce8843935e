/** Watches queues of SQS by their attributes: nothing is received, so that no message becomes invisible to its consumers. */
import { z } from 'zod'
import type { Seconds } from '../../../scenarios/units.ts'
import { accountFields, configurationOf } from '../../aws/account.ts'
import { type Metric, metricData } from '../../aws/metric-data.ts'
import { policyOf } from '../../aws/policy.ts'
import { clock } from '../../clock.ts'
import { packageFor } from '../../optional-package.ts'
import type { Caveat } from '../../run.ts'
import { probeKind } from '../kind.ts'
import { LateSeries, realWorld, type World } from '../late-series.ts'
import { type Parting, type Probe, type Sample, samplesOf } from '../probe.ts'
import { nameOf, type Queue, Queues, regionIn } from './queue.ts'

const options = z.strictObject({
  ...accountFields,
  queues: z
    .array(z.string().min(1))
    .min(1)
    .refine(
      (queues) => new Set(queues.map(nameOf)).size === queues.length,
      'two queues have one name, and their series would too; give each a probe of its own',
    )
    .describe('names, or addresses: https://sqs.<region>.amazonaws.com/<account>/<name>'),
  every: z.int().min(1).default(5).describe('seconds; each queue is a request, and each queue of dead letters'),
  age: z.boolean().default(true).describe('read ApproximateAgeOfOldestMessage from CloudWatch, after the load'),
  wait: z.int().min(0).max(900).default(300).describe('seconds after the load, at most, for the age to come'),
})
type Options = z.output<typeof options>

/** Messages that may be delivered and not deleted; with more, SQS delivers none. */
const mostInFlight = 120_000

const agePeriod = 60 // seconds

const ageOf = ({ name }: Queue): Metric => ({
  what: `oldest_age.${name}`,
  unit: 's',
  limit: null,
  namespace: 'AWS/SQS',
  metric: 'ApproximateAgeOfOldestMessage',
  dimensions: { QueueName: name },
  statistic: 'Maximum',
  factor: 1,
})

class SqsProbe implements Probe {
  readonly every: Seconds
  #api: Queues | undefined
  #queues: readonly Queue[] = []
  #readings = 0
  /** How often and since when, by what was said. */
  readonly #failures = new Map<string, { readonly count: number; readonly from: Seconds }>()
  #ages: LateSeries | undefined
  #withoutAges = ''
  #from: number | undefined
  #close: () => void = () => {}

  constructor(
    readonly name: string,
    private readonly given: Options,
    private readonly world: World,
  ) {
    this.every = given.every
  }

  get waits(): NonNullable<Probe['waits']> {
    return { most: this.#ages === undefined ? 0 : this.given.wait, what: 'the age of messages' }
  }

  async start(signal: AbortSignal): Promise<void> {
    const library = await packageFor('SQS', '@aws-sdk/client-sqs', () => import('@aws-sdk/client-sqs'))
    const { queues: names, age } = this.given
    const account = { ...this.given, region: this.given.region ?? names.map(regionIn).find((region) => region !== undefined) }
    const client = new library.SQSClient(configurationOf(account))
    this.#close = () => client.destroy()
    this.#api = new Queues(library, client)
    const api = this.#api
    this.#queues = await Promise.all(names.map((queue) => api.find(queue, signal)))
    if (age) await this.#beginAges(account, signal)
  }

  begin(from: number): void {
    this.#from = this.world.now() + from
  }

  async read(signal: AbortSignal, at: Seconds = 0): Promise<readonly Sample[]> {
    this.#readings += 1
    const sample = samplesOf(this.name)
    const answers = await Promise.allSettled(this.#queues.flatMap((queue) => this.#asked(sample, queue, signal)))
    const samples = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    const failed = answers.filter((answer) => answer.status === 'rejected').map(({ reason }) => reason as Error)
    const [first] = failed
    if (samples.length === 0 && first !== undefined) throw first
    // Some answers are answers: what failed is a gap, and told at the end.
    for (const { message } of failed) {
      const { count, from } = this.#failures.get(message) ?? { count: 0, from: at }
      this.#failures.set(message, { count: count + 1, from })
    }
    return samples
  }

  async stop(hurry: AbortSignal = new AbortController().signal): Promise<Parting> {
    try {
      const until = this.world.now()
      const { series = [], caveats = [] } =
        this.#ages === undefined || this.#from === undefined ? {} : await this.#ages.join({ from: this.#from, until }, hurry)
      return { series, caveats: [...this.#caveats(), ...caveats] }
    } finally {
      this.#close()
    }
  }

  /** Requests about one queue; each may fail alone. */
  #asked(sample: ReturnType<typeof samplesOf>, queue: Queue, signal: AbortSignal): Promise<Sample[]>[] {
    const { name, deadLetters } = queue
    const api = this.#api as Queues
    const own = async (): Promise<Sample[]> => {
      const { waiting, inFlight, delayed } = await api.depths(queue, signal)
      return [
        sample(`depth.${name}`, 'count', waiting),
        sample(`in_flight.${name}`, 'count', inFlight, mostInFlight),
        sample(`delayed.${name}`, 'count', delayed),
      ]
    }
    const dead = async (of: Queue): Promise<Sample[]> => [sample(`dead_letters.${name}`, 'count', await api.waiting(of, signal))]
    return [own(), ...(deadLetters === undefined ? [] : [dead(deadLetters)])]
  }

  /** Without CloudWatch the queues are read all the same. */
  async #beginAges(account: Parameters<typeof metricData>[0], signal: AbortSignal): Promise<void> {
    const stopSqs = this.#close
    try {
      const { ask, close } = await metricData(account, agePeriod)
      this.#close = () => {
        stopSqs()
        close()
      }
      const ages = new LateSeries(this.name, this.#queues.map(ageOf), ask, agePeriod, this.given.wait, this.world)
      await ages.begin(signal)
      this.#ages = ages
    } catch (error) {
      this.#withoutAges = (error as Error).message
    }
  }

  *#caveats(): Generator<Caveat> {
    if (this.#withoutAges !== '')
      yield {
        code: 'sqs-without-age',
        text: `How long messages waited in the queues of "${this.name}" is unknown, because ${this.#withoutAges}. Only CloudWatch tells the age of the oldest one. Allow that, or set age: false.`,
      }
    for (const [because, { count, from }] of this.#failures)
      yield {
        code: 'sqs-queue-failed',
        text: `"${this.name}" could not read a queue in ${count} of ${this.#readings} readings, first at ${clock(from)}: ${because}. Its series have gaps there; those of other queues are whole. Look at that queue and its policy.`,
      }
  }
}

export const sqsKind = probeKind({
  kind: 'sqs',
  reads: 'depth, messages in flight, delayed ones, dead letters and age of queues of SQS, by their names or addresses; nothing is received',
  needs: policyOf([
    {
      actions: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
      resources: ['arn:aws:sqs:<region>:<account>:<queue>', 'arn:aws:sqs:<region>:<account>:<dead-letter-queue>'],
    },
    { actions: ['cloudwatch:GetMetricData'], resources: ['*'] },
  ]),
  package: '@aws-sdk/client-sqs',
  options,
  create: (name, given) => new SqsProbe(name, given, realWorld),
})
