/** What the management plugin of a RabbitMQ answers about queues, nodes and the whole. */
import { z } from 'zod'
import { sentenceOf } from '../../fields.ts'
import { answerOf, jsonOf } from '../answer.ts'

const figure = z.number().optional()
/** RabbitMQ writes [] for an object that is empty, in some versions. */
const settings = z.union([z.record(z.string(), z.unknown()), z.array(z.unknown()).transform((): Record<string, unknown> => ({}))]).nullish()

/** What a queue has not told yet, being new, is absent. */
const queuesSchema = z.array(
  z.object({
    name: z.string(),
    messages_ready: figure,
    messages_unacknowledged: figure,
    consumers: figure,
    head_message_timestamp: z.number().nullish(),
    arguments: settings,
    effective_policy_definition: settings,
    message_stats: z.object({ publish: figure, deliver_get: figure, ack: figure }).optional(),
  }),
)
export type Queue = z.output<typeof queuesSchema>[number]
const queueColumns = [
  'name',
  'messages_ready',
  'messages_unacknowledged',
  'consumers',
  'head_message_timestamp',
  'arguments',
  'effective_policy_definition',
  'message_stats.publish',
  'message_stats.deliver_get',
  'message_stats.ack',
]

const nodesSchema = z.array(
  z.object({
    name: z.string(),
    running: z.boolean(),
    mem_used: figure,
    mem_limit: figure,
    mem_alarm: z.boolean().optional(),
    disk_free: figure,
    disk_free_alarm: z.boolean().optional(),
    fd_used: figure,
    fd_total: z.number().or(z.string()).optional(), // "unknown" where the system does not say
    sockets_used: figure,
    sockets_total: figure,
    proc_used: figure,
    proc_total: figure,
  }),
)
export type Node = z.output<typeof nodesSchema>[number]
const nodeColumns = Object.keys(nodesSchema.element.shape)

const overviewSchema = z.object({
  disable_stats: z.boolean().optional(),
  object_totals: z.object({ connections: figure, channels: figure }).optional(),
})
export type Overview = z.output<typeof overviewSchema>

/** RabbitMQ says why in the body, with the same status for a wrong password and for a right that is missing. */
export class RefusedError extends Error {}

export class Management {
  /** @param url with user and password @param vhost whose queues are asked for */
  constructor(
    private readonly url: string,
    private readonly vhost: string,
  ) {}

  overview(signal: AbortSignal): Promise<Overview> {
    return this.#ask('overview', overviewSchema, ['disable_stats', 'object_totals'], signal)
  }

  queues(signal: AbortSignal): Promise<Queue[]> {
    return this.#ask(`queues/${encodeURIComponent(this.vhost)}`, queuesSchema, queueColumns, signal)
  }

  /** @throws {RefusedError} when the user is no monitor */
  nodes(signal: AbortSignal): Promise<Node[]> {
    return this.#ask('nodes', nodesSchema, nodeColumns, signal)
  }

  /** @throws {RefusedError} with what RabbitMQ says against it */
  async #ask<Schema extends z.ZodType>(what: string, schema: Schema, columns: readonly string[], signal: AbortSignal): Promise<z.output<Schema>> {
    const address = new URL(this.url)
    address.pathname = `${address.pathname.replace(/\/$/, '')}/api/${what}`
    address.searchParams.set('columns', columns.join(','))
    const { status, text } = await answerOf(address.href, signal)
    const answer = jsonOf(text)
    const reason = z.object({ reason: z.string() }).safeParse(answer).data?.reason
    const asked = `${address.host} answered GET ${address.pathname} with status ${status}`
    if (status === 401 || status === 403) throw new RefusedError(`${asked}${reason === undefined ? '' : ` (${reason})`}`)
    if (status === 404) throw new Error(`${asked}: there is no virtual host "${this.vhost}", or no management plugin at this address`)
    if (status !== 200 || answer === undefined) throw new Error(`${asked}${reason === undefined ? '' : ` (${reason})`}, and no JSON of the management plugin`)
    const parsed = schema.safeParse(answer)
    if (!parsed.success)
      throw new Error(`what ${address.host} answered GET ${address.pathname} is none of the management plugin's: it ${sentenceOf(parsed.error)}`)
    return parsed.data
  }
}
