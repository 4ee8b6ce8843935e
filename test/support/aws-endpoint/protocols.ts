/** How the SDK's clients speak: JSON with the action in a header (ECS, scaling, CloudWatch, prices), or a form answered in XML (STS, load balancers). */
import type { IncomingHttpHeaders } from 'node:http'
import type { AwsFault } from './fault.ts'

/** Whatever the SDK has sent, or is sent. */
// biome-ignore lint/suspicious/noExplicitAny: each action knows its own
export type Members = Record<string, any>

export type Call = { readonly service: string; readonly action: string; readonly input: Members; readonly isJson: boolean }
export type Reply = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }

/** Prefixes of actions in policies, by the beginning of the header and by the version in the form. */
const services: Readonly<Record<string, string>> = {
  AmazonEC2ContainerServiceV20141113: 'ecs',
  AnyScaleFrontendService: 'application-autoscaling',
  GraniteServiceVersion20100801: 'cloudwatch',
  AWSPriceListService: 'pricing',
  '2015-12-01': 'elasticloadbalancing',
  '2011-06-15': 'sts',
}

/** @example membersOf(new URLSearchParams('Names.member.1=a&Names.member.2=b')) // { Names: ['a', 'b'] } */
const membersOf = (form: URLSearchParams): Members => {
  const members: Members = {}
  for (const [key, value] of form) {
    const [name = '', , index] = key.split('.')
    if (index === undefined) members[name] = value
    else members[name] = Object.assign(members[name] ?? [], { [Number(index) - 1]: value })
  }
  return members
}

export const readCall = (headers: IncomingHttpHeaders, body: string): Call => {
  const [target = '', action = ''] = String(headers['x-amz-target'] ?? '').split('.')
  if (action !== '') return { service: services[target] ?? target, action, input: JSON.parse(body) as Members, isJson: true }
  const { Action = '', Version = '', ...input } = membersOf(new URLSearchParams(body))
  return { service: services[Version] ?? Version, action: Action, input, isJson: false }
}

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

const xmlOf = (value: unknown): string => {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map((each) => `<member>${xmlOf(each)}</member>`).join('')
  if (typeof value !== 'object' || value === null) return escaped(String(value))
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return fields.map(([name, field]) => `<${name}>${xmlOf(field)}</${name}>`).join('')
}

/** Moments are seconds since 1970 in these protocols. */
const jsonOf = (value: unknown): unknown => {
  if (value instanceof Date) return value.getTime() / 1000
  if (Array.isArray(value)) return value.map(jsonOf)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, jsonOf(field)]))
}

export const replyWith = ({ action, isJson }: Call, answer: Members): Reply =>
  isJson
    ? { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(jsonOf(answer)) }
    : {
        status: 200,
        headers: { 'content-type': 'text/xml' },
        body: `<${action}Response><${action}Result>${xmlOf(answer)}</${action}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></${action}Response>`,
      }

export const replyWithFault = ({ isJson }: Call, { code, message, status }: AwsFault): Reply =>
  isJson
    ? { status, headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': code }, body: JSON.stringify({ __type: code, message }) }
    : {
        status,
        headers: { 'content-type': 'text/xml' },
        body: `<ErrorResponse>${xmlOf({ Error: { Type: 'Sender', Code: code.replace(/Exception$/, ''), Message: message }, RequestId: 'r' })}</ErrorResponse>`,
      }
