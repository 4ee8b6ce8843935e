/** Which declaration each name of a module means: parents, and the references of every binding. */
import type { AnyNode, Function as FunctionNode, Identifier, Pattern, Program } from 'acorn'

export type Binding = {
  readonly name: string
  /** Where it is declared: a declarator, a function, an import, or the function whose parameter it is. */
  readonly declarations: AnyNode[]
  /** Its uses, declarations left out. */
  readonly references: Identifier[]
}
export type Scopes = {
  readonly parent: (node: AnyNode) => AnyNode | undefined
  /** What a reference means; undefined for a global. */
  readonly bindingOf: (reference: Identifier) => Binding | undefined
  /** Bindings that a pattern declares, by the identifier in it. */
  readonly declaredBy: (identifier: Identifier) => Binding | undefined
  readonly top: ReadonlyMap<string, Binding>
}

type Scope = { readonly names: Map<string, Binding>; readonly outer: Scope | undefined; readonly isFunction: boolean }

export const isFunction = (node: AnyNode): node is AnyNode & FunctionNode =>
  node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'

const isNode = (value: unknown): value is AnyNode => typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'

const childrenOf = (node: AnyNode): AnyNode[] => Object.values(node).flatMap((value: unknown) => (Array.isArray(value) ? value : [value]).filter(isNode))

/** Every node below, itself first; what `enters` refuses is told, and not gone into. */
export function* within(node: AnyNode, enters: (node: AnyNode) => boolean = () => true): Generator<AnyNode> {
  yield node
  if (enters(node)) for (const child of childrenOf(node)) yield* within(child, enters)
}

/** Names that a pattern binds. */
export const namesIn = (pattern: Pattern | null): Identifier[] => {
  if (pattern === null) return []
  switch (pattern.type) {
    case 'Identifier':
      return [pattern]
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) => namesIn(property.type === 'RestElement' ? property.argument : property.value))
    case 'ArrayPattern':
      return pattern.elements.flatMap(namesIn)
    case 'AssignmentPattern':
      return namesIn(pattern.left)
    case 'RestElement':
      return namesIn(pattern.argument)
    default:
      return []
  }
}

/** An identifier that names a property or a label, and so means no binding. */
const isMereName = (node: Identifier, parent: AnyNode | undefined): boolean => {
  switch (parent?.type) {
    case 'MemberExpression':
      return parent.property === node && !parent.computed
    case 'Property':
      return parent.key === node && !parent.computed && !(parent.shorthand && parent.value === node)
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return parent.key === node && !parent.computed
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'MetaProperty':
      return true
    case 'ExportSpecifier':
      return parent.exported === node && parent.local !== node
    case 'ImportSpecifier':
      return true
    default:
      return false
  }
}

export const scopesOf = (program: Program): Scopes => {
  const parents = new Map<AnyNode, AnyNode>()
  const scopes = new Map<AnyNode, Scope>()
  const declared = new Map<Identifier, Binding>()
  const meanings = new Map<Identifier, Binding>()
  const identifiers: Identifier[] = []
  const top: Scope = { names: new Map(), outer: undefined, isFunction: true }

  const declare = (scope: Scope, identifier: Identifier, declaration: AnyNode): void => {
    const binding = scope.names.get(identifier.name) ?? { name: identifier.name, declarations: [], references: [] }
    binding.declarations.push(declaration)
    scope.names.set(identifier.name, binding)
    declared.set(identifier, binding)
  }
  const functionScope = (scope: Scope): Scope => (scope.isFunction || scope.outer === undefined ? scope : functionScope(scope.outer))

  const opens = (node: AnyNode): boolean =>
    isFunction(node) ||
    ['BlockStatement', 'ForStatement', 'ForInStatement', 'ForOfStatement', 'SwitchStatement', 'CatchClause', 'StaticBlock', 'ClassExpression'].includes(
      node.type,
    )

  const declareAll = (node: AnyNode, outer: Scope): void => {
    if (node.type === 'Identifier') identifiers.push(node)
    if (node.type === 'FunctionDeclaration' && node.id) declare(outer, node.id, node)
    if (node.type === 'ClassDeclaration' && node.id) declare(outer, node.id, node)
    const scope = opens(node) ? { names: new Map<string, Binding>(), outer, isFunction: isFunction(node) || node.type === 'StaticBlock' } : outer
    scopes.set(node, scope)
    if (isFunction(node)) {
      for (const name of node.params.flatMap(namesIn)) declare(scope, name, node)
      if (node.type === 'FunctionExpression' && node.id) declare(scope, node.id, node)
    }
    if (node.type === 'ClassExpression' && node.id) declare(scope, node.id, node)
    if (node.type === 'CatchClause') for (const name of namesIn(node.param ?? null)) declare(scope, name, node)
    if (node.type === 'VariableDeclaration')
      for (const declarator of node.declarations)
        for (const name of namesIn(declarator.id)) declare(node.kind === 'var' ? functionScope(scope) : scope, name, declarator)
    if (node.type === 'ImportDeclaration') for (const specifier of node.specifiers) declare(scope, specifier.local, node)
    for (const child of childrenOf(node)) {
      parents.set(child, node)
      declareAll(child, scope)
    }
  }
  declareAll(program, top)

  const find = (name: string, scope: Scope | undefined): Binding | undefined =>
    scope === undefined ? undefined : (scope.names.get(name) ?? find(name, scope.outer))
  for (const node of identifiers) {
    if (declared.has(node) || isMereName(node, parents.get(node))) continue
    const binding = find(node.name, scopes.get(node))
    if (binding === undefined) continue
    meanings.set(node, binding)
    binding.references.push(node)
  }
  return {
    parent: (node) => parents.get(node),
    bindingOf: (reference) => meanings.get(reference),
    declaredBy: (identifier) => declared.get(identifier),
    top: top.names,
  }
}
