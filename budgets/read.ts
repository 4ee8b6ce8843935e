/** Reads budgets and scaling triggers from disk; the one file in budgets/ that may. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UsageError } from '../runner/errors/usage-error.ts'
import type { Budget } from './budget.ts'
import { budgetsIn } from './budget-file.ts'
import { type ScalingTrigger, scalingTriggersIn } from './scaling-trigger.ts'

export { budgetFileJsonSchema } from './budget-file.ts'
export type { ScalingTrigger } from './scaling-trigger.ts'

const endings = ['.json', '.yml', '.yaml']
/** Lies beside the shipped budgets and is none. */
const triggersFile = 'scaling-triggers.json'
/** Beside this file, in the source and in the built package alike. */
const shipped = (name: string): string => fileURLToPath(new URL(`./limits/${name}`, import.meta.url))

const unreadable = (file: string, line: number | undefined, reason: string, format: string): UsageError =>
  new UsageError(`${file}${line === undefined ? '' : `:${line}`} can't be read: ${reason}. A budget file is ${format}. Correct it there.`)

const duplicate = (file: string, line: number | undefined): UsageError =>
  new UsageError(`${file}${line === undefined ? '' : `:${line}`} has a key twice. The first one would be lost in silence. Rename one of them.`)

/**
 * The tree in a JSON or YAML text, with a key given twice as an error.
 * @throws {UsageError} with the line, where it is known
 */
const parseTree = async (text: string, file: string): Promise<unknown> => {
  const { parseDocument } = await import('yaml') // slow to load, and the shipped budgets do without
  const isJson = extname(file) === '.json'
  // YAML holds all of JSON but tabs; valid JSON has none inside its strings, so here they only ever were space.
  const document = parseDocument(isJson ? text.replaceAll('\t', ' ') : text, { uniqueKeys: true, prettyErrors: true })
  const line = document.errors[0]?.linePos?.[0].line
  if (isJson) {
    try {
      JSON.parse(text)
    } catch (cause) {
      const position = /position (\d+)/.exec((cause as Error).message)?.[1]
      const at = position === undefined ? line : text.slice(0, Number(position)).split('\n').length
      throw unreadable(
        file,
        at,
        (cause as Error).message.replace(/ in JSON at position.*/s, '').replace(/, .* is not valid JSON$/s, ' is not valid JSON'),
        'JSON',
      )
    }
  }
  const repeated = document.errors.find((error) => error.code === 'DUPLICATE_KEY')
  if (repeated !== undefined) throw duplicate(file, repeated.linePos?.[0].line)
  if (isJson) return JSON.parse(text)
  const [error] = document.errors
  if (error !== undefined) throw unreadable(file, line, (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, ''), 'JSON or YAML')
  return document.toJS()
}

const textOf = async (path: string, file: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new UsageError(
      `${file} can't be opened (${(cause as NodeJS.ErrnoException).code}). A budget file or a folder of them was expected there. Correct the path.`,
      { cause },
    )
  }
}

const filesAt = async (path: string): Promise<string[]> => {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined)
    throw new UsageError(
      `There is no budget file at ${path}. A file (${listedEndings}) or a folder of them was expected. Correct --budget, or leave it out for the shipped defaults.`,
    )
  if (!found.isDirectory()) {
    if (endings.includes(extname(path))) return [path]
    throw new UsageError(`${path} is no budget file by its name. Budget files end in ${listedEndings}. Rename it, or choose another.`)
  }
  const names = (await readdir(path)).filter((name) => endings.includes(extname(name)) && name !== triggersFile).sort()
  if (names.length === 0)
    throw new UsageError(`The folder ${path} holds no budget files. Files ending in ${listedEndings} were expected. Add one, or correct --budget.`)
  return names.map((name) => join(path, name))
}
const listedEndings = '.json, .yml or .yaml'

/**
 * Budgets of these files and folders, in order; a name may occur once.
 * @throws {UsageError} for a path, a text or a budget that can't be understood
 */
export const readBudgets = async (paths: readonly string[]): Promise<Budget[]> => {
  const files = (await Promise.all(paths.map(filesAt))).flat()
  const budgets = (await Promise.all(files.map(async (file) => budgetsIn(await parseTree(await textOf(file, file), file), file)))).flat()
  const byName = new Map<string, Budget>()
  for (const budget of budgets) {
    const other = byName.get(budget.name)
    if (other !== undefined)
      throw new UsageError(`Budget "${budget.name}" stands in ${other.file} and in ${budget.file}. A name means one budget. Rename or remove one of them.`)
    byName.set(budget.name, budget)
  }
  return budgets
}

const readShipped = async <T>(name: string, parse: (tree: unknown, file: string) => T): Promise<T> => {
  const file = `budgets/limits/${name}` // as it is called in the repository, wherever the package is installed
  return parse(JSON.parse(await textOf(shipped(name), file)), file)
}

/** The budgets that count when none are given: budgets/limits/default.json, explained in limits.md beside it. */
export const readDefaultBudgets = (): Promise<Budget[]> => readShipped('default.json', budgetsIn)

/** Scaling triggers of a file, or the shipped ones. @throws {UsageError} when they can't be read */
export const readScalingTriggers = async (path?: string): Promise<ScalingTrigger[]> =>
  path === undefined ? readShipped(triggersFile, scalingTriggersIn) : scalingTriggersIn(await parseTree(await textOf(path, path), basename(path)), path)
