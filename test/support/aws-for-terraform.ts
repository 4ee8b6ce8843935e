/**
 * moto with the two things that Terraform's provider asks for and moto 5.2 has not: tags of scalable targets, and CloudWatch in the newer
 * of its protocols, which is asked of moto in the older one. And with a refusal of AWS that moto has not: a change of a scalable target
 * while another of it goes on.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import * as cloudWatch from '@aws-sdk/client-cloudwatch'
import { cbor, dateToTag } from '@smithy/core/cbor'
import { freePort } from './free-port.ts'
import type { Moto } from './moto.ts'

type Tags = Record<string, string>
type Command = new (input: unknown) => Parameters<cloudWatch.CloudWatchClient['send']>[0]

/** Moments have a mark of their own there. */
const marked = (value: unknown): unknown => {
  if (value instanceof Date) return dateToTag(value)
  if (Array.isArray(value)) return value.map(marked)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, marked(each)]))
}

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => Buffer.concat(await message.toArray())

/** @returns where it is, and how it ends */
export const startAwsForTerraform = async (moto: Moto): Promise<{ readonly url: string; stop(): void }> => {
  const alarms = new cloudWatch.CloudWatchClient({
    endpoint: moto.url,
    region: moto.region,
    credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
  })
  const tagsOf = new Map<string, Tags>()

  const askCloudWatch = async (action: string, body: Buffer, response: ServerResponse): Promise<void> => {
    const headers = { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' }
    const command = (cloudWatch as unknown as Record<string, Command>)[`${action}Command`] as Command
    try {
      const { $metadata: _, ...answer } = await alarms.send(new command(body.length === 0 ? {} : cbor.deserialize(body)))
      response.writeHead(200, headers).end(cbor.serialize(marked(answer)))
    } catch (error) {
      const { name, message } = error as Error
      response.writeHead(400, headers).end(cbor.serialize({ __type: name, message }))
    }
  }

  const tag = (
    action: string,
    { ResourceARN: arn, Tags: given = {}, TagKeys: gone = [] }: { ResourceARN: string; Tags?: Tags; TagKeys?: string[] },
  ): unknown => {
    const tags = Object.fromEntries(Object.entries({ ...tagsOf.get(arn), ...given }).filter(([key]) => !gone.includes(key)))
    tagsOf.set(arn, tags)
    return action === 'ListTagsForResource' ? { Tags: tags } : {}
  }

  const changing = new Set<string>()
  const slowness = 100 // ms that a change goes on; the provider asks for others meanwhile

  /** @returns true when it was refused */
  const refused = async (action: string, body: Buffer, response: ServerResponse): Promise<boolean> => {
    if (!/^(Put|Delete)(ScalingPolicy|ScheduledAction)$/.test(action)) return false
    const { ResourceId: id } = JSON.parse(body.toString()) as { ResourceId: string }
    if (changing.has(id)) {
      const words = { __type: 'ConcurrentUpdateException', message: 'You already have a pending update to an Auto Scaling resource.' }
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(words))
      return true
    }
    changing.add(id)
    await setTimeout(slowness)
    response.on('close', () => changing.delete(id))
    return false
  }

  const passOn = (message: IncomingMessage, body: Buffer, action: string, response: ServerResponse): void => {
    const { method, headers, url } = message
    const asked = request(new URL(url ?? '/', moto.url), { method, headers }, async (answer) => {
      const text = await bodyOf(answer)
      if (action === 'RegisterScalableTarget' && answer.statusCode === 200) {
        const tags = (JSON.parse(body.toString()) as { Tags?: Tags }).Tags
        if (tags !== undefined) tagsOf.set((JSON.parse(text.toString()) as { ScalableTargetARN: string }).ScalableTargetARN, tags)
      }
      response.writeHead(answer.statusCode ?? 500, answer.headers).end(text)
    })
    asked.on('error', () => response.destroy()).end(body)
  }

  const server = createServer(async (message, response) => {
    const body = await bodyOf(message)
    const operation = /\/operation\/(\w+)$/.exec(message.url ?? '')?.[1]
    if (operation !== undefined) return askCloudWatch(operation, body, response)
    const [service, action = ''] = String(message.headers['x-amz-target'] ?? '').split('.')
    if (service === 'AnyScaleFrontendService' && /^(Tag|Untag)Resource$|^ListTagsForResource$/.test(action))
      return void response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(tag(action, JSON.parse(body.toString()))))
    if (!(await refused(action, body, response))) passOn(message, body, action, response)
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      server.closeAllConnections()
      server.close()
      alarms.destroy()
    },
  }
}
