/**
 * One file out of a user's scenario, the engine's own side of the authoring API and what both import.
 * The same call serves both engines: for Node (embedded engine, inspection) and for k6.
 */
import { readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type BuildFailure, build, type Plugin } from 'esbuild'
import { ScenarioError } from './errors/scenario-error.ts'

export type Bundle = {
  /** ECMAScript module with an inline source map whose sources are absolute file URLs. */
  readonly code: string
  /** k6's own modules that the scenario imports, such as `k6/ws`. */
  readonly k6Modules: readonly string[]
}

/** Changes the bundle's code, each line where it was, so that the source map stays right. */
export type Change = (code: string) => string

/** This package's code: source (.ts) when it runs under the tests, built (.js) when installed. */
const packageFolder = resolve(fileURLToPath(new URL('..', import.meta.url)))
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'

/**
 * Absolute path of a module of this package, with the extension it has here; for the import lines of an entry.
 * @example moduleFile('scenarios/journey') // …/scenarios/journey.ts under test, …/dist/scenarios/journey.js when installed
 */
export const moduleFile = (name: string): string => join(packageFolder, `${name}${extension}`)

/** `import … from 'scale-surgeon'` means this package's own API, wherever the user's file lies. */
const authoringApi: Plugin = {
  name: 'authoring-api',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^scale-surgeon$/ }, () => ({ path: moduleFile('scenarios/index') }))
    onResolve({ filter: /^scale-surgeon\/config$/ }, () => ({ path: moduleFile('runner/define-config') }))
  },
}

/** Libraries of ours stay where they are, named by absolute URL: a bundle in a temporary folder finds no node_modules. */
const ownLibraries: Plugin = {
  name: 'own-libraries',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^[^./]/ }, ({ path, importer }) => {
      const isOurs = importer.startsWith(packageFolder + sep) && !importer.includes(`${sep}node_modules${sep}`) && importer.endsWith(extension)
      if (!isOurs || path.startsWith('node:') || path.startsWith('k6')) return undefined
      return { path: import.meta.resolve(path), external: true }
    })
  },
}

/** Outside k6 its modules do not exist: they are noted, and stand-ins let the file load so that its shape can be read. */
const k6StandIns = (found: Set<string>): Plugin => ({
  name: 'k6-stand-ins',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^k6($|\/)/ }, ({ path }) => {
      found.add(path)
      return { path, namespace: 'k6-stand-in' }
    })
    onLoad({ filter: /.*/, namespace: 'k6-stand-in' }, ({ path }) => ({
      contents: `const standIn = (name) => new Proxy(function () {}, {
        get: (_, key) => (typeof key === 'symbol' || key === 'then' ? undefined : standIn(name + '.' + key)),
        construct: () => standIn(name),
        apply: () => standIn(name),
      })
      const lookUp = { get: (_, key) => (key === '__esModule' ? true : standIn(${JSON.stringify(path)} + '.' + String(key))) }
      // esbuild copies a module's own names onto a new object with the same prototype: this one answers to every name.
      module.exports = new Proxy({}, { ...lookUp, getPrototypeOf: () => new Proxy({}, lookUp) })`,
      loader: 'js',
    }))
  },
})

/** k6's parser lacks some of es2022; esbuild lowers these, and the banner gives them the symbols they need. */
const forK6 = {
  platform: 'neutral' as const,
  mainFields: ['module', 'main'],
  conditions: ['import', 'default'],
  external: ['k6', 'k6/*', 'https://*'],
  supported: { 'async-generator': false, 'for-await': false, 'dynamic-import': false },
  banner: {
    js: 'Symbol.asyncIterator ??= Symbol.for("Symbol.asyncIterator"); Symbol.dispose ??= Symbol.for("Symbol.dispose"); Symbol.asyncDispose ??= Symbol.for("Symbol.asyncDispose");',
  },
}

const forNode = {
  platform: 'node' as const,
  // A user's CommonJS dependency calls require, which a module has only when it makes one.
  banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
}

const isBuildFailure = (error: unknown): error is BuildFailure => error instanceof Error && 'errors' in error && Array.isArray((error as BuildFailure).errors)

/** A path as a person in `cwd` would type it. */
const shown = (file: string): string => {
  const path = relative(process.cwd(), file)
  return path.startsWith('..') ? file : path
}

type Order = { readonly entry: string; readonly scenario: string; readonly target: 'node' | 'k6'; readonly change?: Change }

/**
 * @param entry source of the file everything starts from; it imports by absolute path (see {@link moduleFile})
 * @param scenario the user's file, for messages and for what it imports by relative path
 * @throws {ScenarioError} when the file is missing or does not compile, with its place
 */
export const bundle = async ({ entry, scenario, target, change }: Order): Promise<Bundle> => {
  await readFile(scenario).catch((cause: NodeJS.ErrnoException) => {
    throw new ScenarioError(
      `Scenario ${shown(scenario)} can't be read (${cause.code}). A scenario is a TypeScript or JavaScript file. Check the path, or leave --scenario out to test the demo shop.`,
      scenario,
      undefined,
      { cause },
    )
  })
  const found = new Set<string>()
  const result = await build({
    stdin: { contents: entry, resolveDir: dirname(scenario), sourcefile: 'perf-entry.js', loader: 'js' },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    sourcemap: 'external',
    sourcesContent: false,
    outfile: join(dirname(scenario), 'perf-bundle.js'),
    logLevel: 'silent',
    legalComments: 'none',
    charset: 'utf8',
    ...(target === 'k6' ? forK6 : forNode),
    plugins: target === 'k6' ? [authoringApi] : [authoringApi, k6StandIns(found), ownLibraries],
    metafile: true,
  }).catch((cause: unknown) => {
    const first = isBuildFailure(cause) ? cause.errors[0] : undefined
    const line = first?.location?.line
    const place = first?.location ? `${shown(resolve(first.location.file))}:${first.location.line}:${first.location.column + 1}` : shown(scenario)
    throw new ScenarioError(
      `${place} does not compile: ${first?.text ?? String(cause)}. A scenario is a TypeScript module. Correct it; perf validate shows every such place.`,
      scenario,
      line,
      { cause },
    )
  })
  const code = result.outputFiles.find((file) => file.path.endsWith('.js'))?.text ?? ''
  const map = JSON.parse(result.outputFiles.find((file) => file.path.endsWith('.map'))?.text ?? '{}') as { sources: string[] }
  // Absolute sources, because the bundle runs from a temporary folder, and a stack must lead to the user's own line.
  const sources = map.sources.map((source) => pathToFileURL(resolve(dirname(scenario), source)).href)
  if (target === 'k6') {
    for (const output of Object.values(result.metafile.outputs)) {
      for (const imported of output.imports) if (imported.external && imported.path.startsWith('k6')) found.add(imported.path)
    }
  }
  const inline = Buffer.from(JSON.stringify({ ...map, sources })).toString('base64')
  return { code: `${change?.(code) ?? code}\n//# sourceMappingURL=data:application/json;base64,${inline}\n`, k6Modules: [...found].sort() }
}
