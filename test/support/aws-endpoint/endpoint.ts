/**
 * An endpoint of AWS for tests, which the unmodified SDK speaks with. It refuses what AWS refuses and moto lets through (how many names a
 * call may carry, how many items a page may hold), tells what moto does not (tasks' moments, scaling activities, p95), and fails as asked:
 * denies an action, throttles it n times, answers it with something that is not AWS.
 * An action is an entry in a table of its service's file; `world.ts` is what they read and change.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { alarmActions } from './alarms.ts'
import { balancingActions } from './balancing.ts'
import { cloudWatchActions } from './cloudwatch.ts'
import { ecsActions } from './ecs.ts'
import { ecsWrites } from './ecs-writes.ts'
import { AwsFault } from './fault.ts'
import { pricingActions } from './pricing.ts'
import { type Call, type Members, type Reply, readCall, replyWith, replyWithFault } from './protocols.ts'
import { scalingActions } from './scaling.ts'
import { scalingWrites } from './scaling-writes.ts'
import { stsActions } from './sts.ts'
import type { World } from './world.ts'

/** Answers one action; may change the world. @throws {AwsFault} */
export type Action = (input: Members, world: World) => Members

/** By their names in policies: ecs:DescribeServices. */
const actions: Readonly<Record<string, Action>> = {
  ...stsActions,
  ...ecsActions,
  ...ecsWrites,
  ...scalingActions,
  ...scalingWrites,
  ...cloudWatchActions,
  ...alarmActions,
  ...balancingActions,
  ...pricingActions,
}

export type Faults = {
  /** Actions that no policy allows. */
  readonly denied: Set<string>
  /** How often an action will be throttled yet. */
  readonly throttled: Map<string, number>
  /** Actions that something answers with a page and status 500. */
  readonly garbled: Set<string>
  /** Actions that fail in this way. */
  readonly failing: Map<string, AwsFault>
  /** Is told of each action before it is answered, and may change the world; with 'cut' there is no answer, with 'unheard' it is done all the same. */
  hook: ((name: string, input: Members) => 'cut' | 'unheard' | undefined | Promise<undefined>) | undefined
}

export type Endpoint = {
  readonly url: string
  readonly world: World
  readonly faults: Faults
  /** What was asked for, in order; `key`: whose access key signed it. */
  readonly asked: { readonly action: string; readonly input: Members; readonly key: string; readonly region: string }[]
  /** What the SDK's clients read: where it is, and as whom to sign. */
  readonly environment: Readonly<Record<'AWS_ENDPOINT_URL' | 'AWS_REGION' | 'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY', string>>
  stop(): Promise<void>
}

const deniedFault = (name: string, isJson: boolean, { arn }: World): AwsFault =>
  new AwsFault(
    'AccessDeniedException',
    `User: ${arn} is not authorized to perform: ${name} because no identity-based policy allows the ${name} action`,
    isJson ? 400 : 403,
  )

const answered = (call: Call, name: string, world: World, { denied, throttled, garbled, failing }: Faults): Reply => {
  if (garbled.has(name))
    return { status: 500, headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>500</title><h1>Internal Server Error</h1>' }
  const left = throttled.get(name) ?? 0
  throttled.set(name, Math.max(0, left - 1))
  try {
    if (left > 0) throw new AwsFault('ThrottlingException', 'Rate exceeded')
    if (denied.has(name)) throw deniedFault(name, call.isJson, world)
    const failure = failing.get(name)
    if (failure !== undefined) throw failure
    const action = actions[name]
    if (action === undefined) throw new AwsFault('UnknownOperationException', `${name} is not in test/support/aws-endpoint`)
    return replyWith(call, action(call.input, world))
  } catch (error) {
    if (error instanceof AwsFault) return replyWithFault(call, error)
    throw error
  }
}

export const startEndpoint = async (world: World): Promise<Endpoint> => {
  const asked: Endpoint['asked'] = []
  const faults: Faults = { denied: new Set(), throttled: new Map(), garbled: new Set(), failing: new Map(), hook: undefined }
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const call = readCall(request.headers, Buffer.concat(parts).toString())
    const name = `${call.service}:${call.action}`
    const [, key = '', , region = ''] = /Credential=([^/]+)\/([^/]+)\/([^/]+)/.exec(request.headers.authorization ?? '') ?? []
    asked.push({ action: name, input: call.input, key, region })
    const fate = await faults.hook?.(name, call.input)
    if (fate === 'unheard') answered(call, name, world, faults)
    if (fate !== undefined) {
      request.socket.destroy()
      return
    }
    const { status, headers, body } = answered(call, name, world, faults)
    response.writeHead(status, headers).end(body)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    world,
    faults,
    asked,
    environment: { AWS_ENDPOINT_URL: url, AWS_REGION: world.region, AWS_ACCESS_KEY_ID: 'AKIDTEST', AWS_SECRET_ACCESS_KEY: 'testing' },
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
