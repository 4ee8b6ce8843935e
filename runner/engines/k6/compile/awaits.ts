/**
 * Compiles the waiting out of journeys: an async function costs k6 a fifth of its load, even when nothing is waited for.
 * Where the proof holds, `async` and `await` are overwritten with as many spaces, so that every line and the source map stay as they are.
 */
import { type AnyNode, type CallExpression, type Function as FunctionNode, type Identifier, type Literal, type Program, parse } from 'acorn'
import { type ApiCall, type Proof, prove, Unproven, verbs } from './proof.ts'
import { type Binding, isFunction, type Scopes, scopesOf } from './scopes.ts'

/** Names under which the bundle exports the two functions that declare a journey. */
export const marks = { journey: 'perfJourney', synchronous: 'perfSynchronous' } as const

export type Reading = {
  readonly name: string
  /** Why its awaits stay; undefined when they were compiled away. */
  readonly because: string | undefined
}
export type Compiled = {
  readonly code: string
  readonly journeys: readonly Reading[]
  /** Methods and URLs that the journeys write out. */
  readonly requests: readonly WrittenRequest[]
  /** The one journey there is makes one request and does nothing else, so that its time is its request's. */
  readonly isOneRequest: boolean
  /** That request, when it is a method and a URL written out and nothing else: whoever makes it has done what the journey does. */
  readonly sole: WrittenRequest | undefined
}
export type WrittenRequest = { readonly method: string; readonly url: string }

type Declared = { readonly call: CallExpression; readonly name: string; readonly run: (AnyNode & FunctionNode) | undefined }

const localName = (program: Program, exported: string): string | undefined => {
  for (const node of program.body)
    if (node.type === 'ExportNamedDeclaration')
      for (const specifier of node.specifiers)
        if ((specifier.exported as Identifier).name === exported && specifier.local.type === 'Identifier') return specifier.local.name
  return undefined
}

const textOf = (node: AnyNode | undefined): string | undefined =>
  node?.type === 'Literal' && typeof (node as Literal).value === 'string' ? ((node as Literal).value as string) : undefined

const declaredJourneys = (binding: Binding, scopes: Scopes): Declared[] =>
  binding.references.flatMap((reference) => {
    const call = scopes.parent(reference)
    if (call?.type !== 'CallExpression' || call.callee !== reference) return []
    const [name, run] = call.arguments
    return [{ call, name: textOf(name) ?? '', run: run && isFunction(run) ? run : undefined }]
  })

/** Of journeys that share a helper, all lose their awaits or none: each pass takes out those whose helper is called from elsewhere. */
const together = (proofs: ReadonlyMap<Declared, Proof>, failed: Map<Declared, string>): ReadonlyMap<Declared, Proof> => {
  const seen = new Map<Binding, Set<Identifier>>()
  for (const { helperCalls } of proofs.values()) for (const [helper, calls] of helperCalls) seen.set(helper, new Set([...(seen.get(helper) ?? []), ...calls]))
  const shared = [...seen].filter(([helper, calls]) => new Set(helper.references).size > calls.size).map(([helper]) => helper)
  if (shared.length === 0) return proofs
  const kept = new Map(proofs)
  for (const [journey, { helperCalls }] of proofs) {
    const helper = shared.find((each) => helperCalls.has(each))
    if (helper === undefined) continue
    failed.set(journey, `${helper.name} is used elsewhere, too`)
    kept.delete(journey)
  }
  return together(kept, failed)
}

const isSimple = (node: AnyNode): boolean => {
  switch (node.type) {
    case 'Literal':
      return true
    case 'TemplateLiteral':
      return node.expressions.length === 0
    case 'ObjectExpression':
      return node.properties.every((property) => property.type === 'Property' && !property.computed && property.kind === 'init' && isSimple(property.value))
    case 'ArrayExpression':
      return node.elements.every((element) => element !== null && isSimple(element))
    default:
      return false
  }
}

/** The expression that is all a function does. */
const soleExpression = ({ body }: FunctionNode): AnyNode | undefined => {
  if (body.type !== 'BlockStatement') return body
  const [only] = body.body
  if (body.body.length !== 1) return undefined
  return only?.type === 'ExpressionStatement' ? only.expression : only?.type === 'ReturnStatement' ? (only.argument ?? undefined) : undefined
}

const isOneRequest = (run: FunctionNode, { calls }: Proof): boolean => {
  const sole = soleExpression(run)
  const call = sole?.type === 'AwaitExpression' ? sole.argument : sole
  const [only] = calls
  return (
    calls.length === 1 &&
    call !== undefined &&
    only?.node === call &&
    verbs.includes(only.callee) &&
    only.callee !== 'batch' &&
    only.node.arguments.every(isSimple)
  )
}

/** A parameter's default may do anything; names alone do nothing. */
const takesNamesOnly = ({ params }: FunctionNode): boolean =>
  params.every(
    (param) =>
      param.type === 'Identifier' ||
      (param.type === 'ObjectPattern' &&
        param.properties.every((property) => property.type === 'Property' && !property.computed && property.value.type === 'Identifier')),
  )

const requestsOf = (calls: readonly ApiCall[]): WrittenRequest[] =>
  calls.flatMap(({ node, callee }) => {
    const [first, second] = node.arguments
    const [method, url] = callee === 'request' ? [textOf(first), textOf(second)] : verbs.includes(callee) ? [callee.toUpperCase(), textOf(first)] : []
    return method !== undefined && url !== undefined ? [{ method, url }] : []
  })

const soleOf = ({ calls }: Proof): WrittenRequest | undefined => {
  const [only] = calls
  return only?.node.arguments.length === (only?.callee === 'request' ? 2 : 1) ? requestsOf(calls)[0] : undefined
}

/** @param code of a bundle that exports both functions under {@link marks} */
export const compileAwaits = (code: string): Compiled => {
  const asItIs: Compiled = { code, journeys: [], requests: [], isOneRequest: false, sole: undefined }
  let program: Program
  try {
    program = parse(code, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true })
  } catch {
    return asItIs // syntax that esbuild knows and the reader does not; k6 may
  }
  const scopes = scopesOf(program)
  const [journey, synchronous] = [localName(program, marks.journey), localName(program, marks.synchronous)]
  const binding = scopes.top.get(journey ?? '')
  if (binding === undefined || synchronous === undefined) return asItIs

  const declared = declaredJourneys(binding, scopes)
  const failed = new Map<Declared, string>()
  const proofs = new Map<Declared, Proof>()
  for (const each of declared) {
    try {
      if (each.run === undefined) failed.set(each, 'its function is not written in place')
      else proofs.set(each, prove(each.run, scopes))
    } catch (error) {
      if (!(error instanceof Unproven)) throw error
      failed.set(each, error.message)
    }
  }
  const proven = together(proofs, failed)

  const edits = new Map<number, { readonly end: number; readonly text: string }>()
  const blank = (start: number, length: number): void => void edits.set(start, { end: start + length, text: ' '.repeat(length) })
  for (const [{ call }, { functions, awaits }] of proven) {
    edits.set(call.callee.start, { end: call.callee.end, text: synchronous })
    for (const run of functions) if (run.async) blank(run.start, 'async'.length)
    for (const { start } of awaits) blank(start, 'await'.length)
  }
  let compiled = ''
  let at = 0
  for (const [start, { end, text }] of [...edits].sort(([a], [b]) => a - b)) {
    compiled += code.slice(at, start) + text
    at = end
  }
  const [only] = proven
  const run = declared.length === 1 ? only?.[0].run : undefined
  const isOne = run !== undefined && only !== undefined && isOneRequest(run, only[1])
  return {
    code: compiled + code.slice(at),
    journeys: declared.map((each) => ({ name: each.name, because: failed.get(each) })),
    requests: [...proven.values()].flatMap(({ calls }) => requestsOf(calls)),
    isOneRequest: isOne,
    sole: isOne && takesNamesOnly(run) ? soleOf(only[1]) : undefined,
  }
}
