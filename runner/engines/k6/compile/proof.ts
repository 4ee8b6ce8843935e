/**
 * Proves of a journey that it waits for nothing but the authoring API, which in k6 has its answer when the call returns.
 * Then its `await`s change nothing but the time k6 takes for them. What can't be proven is told as a reason, and left as it is.
 */
import type { AnyNode, CallExpression, Function as FunctionNode, Identifier, Pattern } from 'acorn'
import { type Binding, isFunction, namesIn, type Scopes, within } from './scopes.ts'

/** A part of the API whose calls give promises, or the object that has them all. */
export type Part = 'user' | 'http' | 'think' | 'group'
type AnyFunction = AnyNode & FunctionNode

export const verbs: readonly string[] = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options', 'request', 'batch']

/** A call that gives a promise of the API's. `helper` is a function of the user's that gives one. */
export type ApiCall = { readonly node: CallExpression; readonly callee: string }

export type Proof = {
  /** Functions that lose `async`, with the calls of the API in them that lose `await`. */
  readonly functions: ReadonlySet<AnyFunction>
  readonly awaits: readonly AnyNode[]
  readonly calls: readonly ApiCall[]
  /** References by which helpers are called; a helper whose others are called from elsewhere can't change. */
  readonly helperCalls: ReadonlyMap<Binding, ReadonlySet<Identifier>>
}

export class Unproven extends Error {}
const doubt = (reason: string): never => {
  throw new Unproven(reason)
}

/** What runs later runs at the next `await`, and would run after the journey without one. */
const laterGlobals = ['Promise', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'eval']
const laterMethods = ['then', 'catch', 'finally', 'asyncRequest']
const settledGlobals = ['undefined', 'Array', 'Boolean', 'JSON', 'Math', 'Number', 'Object', 'String']
const plainValues = [
  ...['AwaitExpression', 'Literal', 'TemplateLiteral', 'BinaryExpression', 'UnaryExpression', 'UpdateExpression'],
  ...['ArrayExpression', 'ArrowFunctionExpression'],
]
const settledModules = ['k6', 'k6/crypto', 'k6/data', 'k6/encoding', 'k6/execution', 'k6/html', 'k6/http', 'k6/metrics']

class Prover {
  readonly functions = new Set<AnyFunction>()
  readonly awaits: AnyNode[] = []
  readonly calls: ApiCall[] = []
  readonly helperCalls = new Map<Binding, Set<Identifier>>()
  readonly #parts = new Map<Binding, Part>()
  /** Names of what the API gives at once, such as `check`. */
  readonly #settledNames = new Set<Binding>()

  constructor(private readonly scopes: Scopes) {}

  journey(run: AnyFunction): undefined {
    this.#takeParameters(run, ['user'])
    this.#examine(run)
  }

  #takeParameters(run: AnyFunction, parts: readonly (Part | undefined)[]): undefined {
    run.params.forEach((parameter, index) => {
      const part = parts[index]
      if (part !== undefined) this.#take(parameter, part)
    })
  }

  /** Notes which names mean a part of the API. */
  #take(pattern: Pattern, part: Part): undefined {
    if (pattern.type === 'Identifier') {
      const binding = this.scopes.declaredBy(pattern)
      if (binding === undefined || binding.declarations.length !== 1) return doubt(`${pattern.name} is declared more than once`)
      if ((this.#parts.get(binding) ?? part) !== part) doubt(`${pattern.name} means different things`)
      this.#parts.set(binding, part)
      return
    }
    if (pattern.type !== 'ObjectPattern' || part !== 'user') return doubt('the API is taken apart')
    for (const property of pattern.properties) {
      if (property.type === 'RestElement' || property.computed || property.key.type !== 'Identifier') return doubt('the API is taken apart')
      const { name } = property.key
      if (name === 'http' || name === 'think' || name === 'group') this.#take(property.value, name)
      else for (const given of namesIn(property.value)) this.#settledNames.add(this.scopes.declaredBy(given) as Binding)
    }
  }

  #examine(run: AnyFunction): undefined {
    if (this.functions.has(run)) return
    if (run.generator) doubt('it is a generator')
    this.functions.add(run)
    // Names are noted before uses are judged: `const { http } = user` may stand anywhere above them.
    for (const node of this.#own(run)) if (node.type === 'VariableDeclarator' && node.init) this.#noteAlias(node.id, node.init)
    for (const node of this.#own(run)) this.#judge(node, run)
  }

  /** Nodes of a function and of the plain functions in it; those that are compiled on their own are told and not gone into. */
  *#own(run: AnyFunction): Generator<AnyNode> {
    for (const part of [...run.params, run.body])
      yield* within(part as AnyNode, (node) => !(isFunction(node) && (this.functions.has(node) || this.#helperOf(node) !== undefined)))
  }

  #noteAlias(pattern: Pattern, value: AnyNode): undefined {
    const part = this.#partOf(value)
    if (part === 'user') this.#take(pattern, 'user')
    else if (part !== undefined && pattern.type === 'Identifier') this.#take(pattern, part)
  }

  /** Part of the API that an expression is. */
  #partOf(node: AnyNode): Part | undefined {
    if (node.type === 'Identifier') {
      const binding = this.scopes.bindingOf(node)
      return binding && this.#parts.get(binding)
    }
    if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier' || this.#partOf(node.object) !== 'user') return undefined
    const { name } = node.property
    return name === 'http' || name === 'think' || name === 'group' ? name : undefined
  }

  /** The function around a node, as far as it matters: helpers and callbacks that are compiled, or a plain one. */
  #functionAround(node: AnyNode): AnyFunction | undefined {
    const above = this.scopes.parent(node)
    return above === undefined || isFunction(above) ? (above as AnyFunction | undefined) : this.#functionAround(above)
  }

  /** The binding of a function of the user's that is only ever called, and gives a promise. */
  #helperOf(run: AnyNode): Binding | undefined {
    if (!isFunction(run) || !run.async) return undefined
    const above = this.scopes.parent(run)
    const name = run.type === 'FunctionDeclaration' ? run.id : above?.type === 'VariableDeclarator' && above.init === run ? above.id : undefined
    const binding = name?.type === 'Identifier' ? this.scopes.declaredBy(name) : undefined
    return binding?.declarations.length === 1 ? binding : undefined
  }

  #functionOf(binding: Binding): AnyFunction | undefined {
    const [declaration] = binding.declarations
    const run = declaration?.type === 'VariableDeclarator' ? declaration.init : declaration
    return run && isFunction(run) && this.#helperOf(run) === binding ? run : undefined
  }

  #judge(node: AnyNode, run: AnyFunction): undefined {
    switch (node.type) {
      case 'AwaitExpression':
        if (this.#functionAround(node) !== run) return doubt('a function in it waits by itself')
        if (!this.#isSettled(node.argument)) return doubt('it waits for something else than the API')
        this.awaits.push(node)
        return
      case 'CallExpression':
        return this.#judgeCall(node, run)
      case 'Identifier':
        return this.#judgeName(node)
      case 'MemberExpression':
        return this.#judgeMember(node)
      case 'ForOfStatement':
        if (node.await) doubt('it loops over promises')
        return
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        if (!this.functions.has(node) && node.async && this.#helperOf(node) === undefined) doubt('an async function in it runs on its own')
        return
      case 'ThisExpression':
      case 'YieldExpression':
      case 'ImportExpression':
        return doubt(`it uses ${node.type === 'ThisExpression' ? 'this' : node.type === 'YieldExpression' ? 'yield' : 'import()'}`)
    }
  }

  /** Whether an expression is a call of the API or of a helper, on every way through it. */
  #isSettled(node: AnyNode): boolean {
    if (node.type === 'ConditionalExpression') return this.#isSettled(node.consequent) && this.#isSettled(node.alternate)
    return node.type === 'CallExpression' && this.#calleeOf(node) !== undefined
  }

  #calleeOf({ callee }: CallExpression): string | undefined {
    const part = this.#partOf(callee)
    if (part === 'think' || part === 'group') return part
    if (callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier' && this.#partOf(callee.object) === 'http')
      return verbs.includes(callee.property.name) ? callee.property.name : undefined
    if (callee.type !== 'Identifier') return undefined
    const binding = this.scopes.bindingOf(callee)
    return binding && this.#functionOf(binding) ? 'helper' : undefined
  }

  #judgeCall(node: CallExpression, run: AnyFunction): undefined {
    if (node.optional) doubt('it calls what may not be there')
    const callee = this.#calleeOf(node)
    if (callee === undefined) return this.#judgeOther(node)
    if (this.#functionAround(node) !== run) doubt('a function in it calls the API by itself')
    this.#judgePosition(node, run)
    if (callee === 'helper') this.#callHelper(node)
    else this.calls.push({ node, callee })
    if (callee !== 'group') return
    const [, part] = node.arguments
    if (part === undefined || !isFunction(part) || node.arguments.length !== 2 || part.params.length > 0)
      return doubt('a group is given a function from elsewhere')
    this.#examine(part)
    this.#judgeReturns(part)
  }

  #callHelper(node: CallExpression): undefined {
    const name = node.callee as Identifier
    const binding = this.scopes.bindingOf(name)
    const helper = binding && this.#functionOf(binding)
    if (binding === undefined || helper === undefined) return
    if (node.arguments.some((argument) => argument.type === 'SpreadElement')) doubt('a helper is given what is spread')
    const calls = this.helperCalls.get(binding) ?? new Set()
    calls.add(name)
    this.helperCalls.set(binding, calls)
    const parts = node.arguments.map((argument) => this.#partOf(argument))
    const isKnown = this.functions.has(helper)
    if (isKnown)
      helper.params.forEach((parameter, index) => {
        const before = namesIn(parameter).some((given) => this.#parts.has(this.scopes.declaredBy(given) as Binding))
        if (before !== (parts[index] !== undefined)) doubt('a helper is given the API at one place and not at another')
      })
    if (parts.length > helper.params.length) doubt('a helper is given more than it names')
    this.#takeParameters(helper, parts)
    this.#examine(helper)
    this.#judgeReturns(helper)
  }

  /** A call gives a promise that must be waited for at once, or be what its function gives. */
  #judgePosition(node: AnyNode, run: AnyFunction): undefined {
    const above = this.scopes.parent(node)
    switch (above?.type) {
      case 'AwaitExpression':
        return
      case 'ConditionalExpression':
        return above.test === node ? doubt('a promise is a condition') : this.#judgePosition(above, run)
      case 'ArrowFunctionExpression':
        return
      case 'ReturnStatement':
        // Given from inside of a try, a promise that is rejected is not caught there; an error thrown would be.
        return this.#isTried(above) ? doubt('a promise is returned from inside of try') : undefined
      case 'ExpressionStatement':
        return run.async ? doubt('a call is not waited for') : undefined
      default:
        return doubt('a promise goes elsewhere')
    }
  }

  #isTried(node: AnyNode): boolean {
    const above = this.scopes.parent(node)
    return above !== undefined && !isFunction(above) && (above.type === 'TryStatement' || this.#isTried(above))
  }

  /** `group` and the callers of helpers wait for what these give; without waiting it must not be somebody else's promise. */
  #judgeReturns(run: AnyFunction): undefined {
    if (run.body.type !== 'BlockStatement') return this.#judgeValue(run.body)
    for (const node of within(run.body, (each) => !isFunction(each))) if (node.type === 'ReturnStatement' && node.argument) this.#judgeValue(node.argument)
  }

  #judgeValue(node: AnyNode, seen: readonly AnyNode[] = []): undefined {
    if (!seen.includes(node) && (plainValues.includes(node.type) || this.#isSettled(node))) return
    const go = (next: AnyNode): undefined => (seen.includes(node) ? doubt('it gives itself') : this.#judgeValue(next, [...seen, node]))
    switch (node.type) {
      case 'ConditionalExpression':
        go(node.consequent)
        return go(node.alternate)
      case 'LogicalExpression':
        go(node.left)
        return go(node.right)
      case 'MemberExpression':
        return go(node.object)
      case 'CallExpression':
        // `response.json()` and its like: a method of a value that is none, or a part of the API that gives its answer at once.
        return go(node.callee.type === 'MemberExpression' ? node.callee.object : node.callee)
      case 'ObjectExpression':
        if (node.properties.every((property) => property.type === 'Property' && property.key.type === 'Identifier' && property.key.name !== 'then')) return
        break
      case 'Identifier': {
        const binding = this.scopes.bindingOf(node)
        if (binding === undefined ? settledGlobals.includes(node.name) : this.#settledNames.has(binding)) return
        const declaration = binding?.declarations[0]
        const above = declaration && this.scopes.parent(declaration)
        if (declaration?.type === 'VariableDeclarator' && declaration.init && above?.type === 'VariableDeclaration' && above.kind === 'const')
          return go(declaration.init)
      }
    }
    doubt('it gives what may be a promise')
  }

  /** A call of something else may begin what goes on at the next `await`. */
  #judgeOther(node: CallExpression): undefined {
    if (node.arguments.some((argument) => this.#partOf(argument) !== undefined)) doubt('the API is given to another function')
    const above = this.scopes.parent(node)
    const isDropped = above?.type === 'ExpressionStatement' || (above?.type === 'UnaryExpression' && above.operator === 'void')
    const origin = this.#originOf(node.callee)
    if (isDropped && origin?.type === 'ImportDeclaration' && !settledModules.includes(String(origin.source.value)))
      doubt('it calls another module, whose work may go on')
    if (origin && this.#beginsLater(origin, new Set())) doubt('it calls a function that may begin what goes on later')
  }

  /** Whether a function of the user's, or one that it calls by name, is async or speaks of promises or timers. */
  #beginsLater(declaration: AnyNode, seen: Set<AnyNode>): boolean {
    const run = declaration.type === 'VariableDeclarator' ? declaration.init : declaration
    if (!run || !isFunction(run) || this.functions.has(run) || seen.has(run)) return false
    seen.add(run)
    for (const node of within(run)) {
      if ((isFunction(node) && node.async) || (node.type === 'MemberExpression' && this.#isLaterMethod(node))) return true
      if (node.type !== 'Identifier') continue
      const binding = this.scopes.bindingOf(node)
      if (binding === undefined ? this.#isLaterGlobal(node) : this.#isCallee(node) && binding.declarations.some((each) => this.#beginsLater(each, seen)))
        return true
    }
    return false
  }

  #isLaterGlobal(node: Identifier): boolean {
    const above = this.scopes.parent(node)
    const isName = (above?.type === 'MemberExpression' && above.property === node && !above.computed) || (above?.type === 'Property' && above.key === node)
    return !isName && laterGlobals.includes(node.name)
  }

  #isLaterMethod(node: AnyNode & { type: 'MemberExpression' }): boolean {
    return !node.computed && node.property.type === 'Identifier' && laterMethods.includes(node.property.name) && this.#isCallee(node)
  }

  /** Declaration of the name that a callee begins with. */
  #originOf(callee: AnyNode): AnyNode | undefined {
    if (callee.type === 'MemberExpression') return this.#originOf(callee.object)
    return callee.type === 'Identifier' ? this.scopes.bindingOf(callee)?.declarations[0] : undefined
  }

  #judgeName(node: Identifier): undefined {
    const binding = this.scopes.bindingOf(node)
    if (binding === undefined) {
      if (this.#isLaterGlobal(node)) doubt(`it uses ${node.name}`)
      return
    }
    if (this.#parts.has(binding)) this.#judgeUse(node, this.#parts.get(binding) as Part)
    else if (this.#functionOf(binding) && !this.#isCallee(node)) doubt(`${node.name} goes elsewhere`)
  }

  #judgeMember(node: AnyNode & { type: 'MemberExpression' }): undefined {
    if (this.#isLaterMethod(node)) doubt('it goes on after a promise by itself')
    const part = this.#partOf(node)
    if (part !== undefined) this.#judgeUse(node, part)
  }

  #isCallee(node: AnyNode): boolean {
    const above = this.scopes.parent(node)
    return above?.type === 'CallExpression' && above.callee === node
  }

  /** A part of the API may be called, read from, given a name, or given to a helper; anything else loses sight of it. */
  #judgeUse(node: AnyNode, part: Part): undefined {
    const above = this.scopes.parent(node)
    if (above?.type === 'VariableDeclarator' && above.init === node && (part === 'user' || above.id.type === 'Identifier')) return
    if (above?.type === 'CallExpression' && above.callee !== node && this.#calleeOf(above) === 'helper') return
    const isRead = above?.type === 'MemberExpression' && above.object === node && !above.computed && !above.optional
    if (part === 'user' && isRead) {
      const written = this.scopes.parent(above)
      if (written?.type !== 'AssignmentExpression' && written?.type !== 'UpdateExpression') return
    }
    if (part === 'http' && isRead && above.property.type === 'Identifier' && verbs.includes(above.property.name) && this.#isCallee(above)) return
    if ((part === 'think' || part === 'group') && this.#isCallee(node)) return
    doubt(`${part} goes elsewhere`)
  }
}

/** @throws {Unproven} with the reason */
export const prove = (run: AnyFunction, scopes: Scopes): Proof => {
  const prover = new Prover(scopes)
  prover.journey(run)
  return prover
}
