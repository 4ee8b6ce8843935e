/** A server that answers the SDK as a test wants it: by the action, with a body or with an error of AWS's. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** `error`: name and words; AWS sends it with the status 400. */
export type AwsAnswer = Readonly<Record<string, unknown>> | { readonly error: readonly [name: string, message: string] }

export type Aws = {
  readonly url: string
  /** What was asked for: the action and the request's members. */
  readonly asked: { readonly action: string; readonly input: Readonly<Record<string, unknown>> }[]
  stop(): Promise<void>
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the SDK has sent
export const startAws = async (answer: (action: string, input: any) => AwsAnswer): Promise<Aws> => {
  const asked: Aws['asked'] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const input = JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>
    const action = String(request.headers['x-amz-target']).split('.').at(-1) ?? ''
    asked.push({ action, input })
    const told = answer(action, input)
    const isError = 'error' in told && Array.isArray(told.error)
    response.statusCode = isError ? 400 : 200
    response.setHeader('content-type', 'application/x-amz-json-1.0')
    response.end(JSON.stringify(isError ? { __type: `com.amazon.coral.service#${told.error[0]}`, message: told.error[1] } : told))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
