/** `perf advise --as`: files that deploy what is recommended, once everything that can be asked about them has accepted them. */
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Artefact } from '../../budgets/advice/infrastructure/artefact.ts'
import { wrongIn } from '../../budgets/advice/infrastructure/check/recommendation.ts'
import { type Format, platforms, writers } from '../../budgets/advice/infrastructure/index.ts'
import type { Recommendation } from '../../budgets/advice/recommendation.ts'
import type { Size } from '../../budgets/advice/sizing/fargate-size.ts'
import { proseOn } from '../../reports/wrap.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import { UsageError } from '../errors/usage-error.ts'
import { ValidatorError } from '../errors/validator-error.ts'
import type { Io } from '../io.ts'
import { askValidators } from '../validators/index.ts'

const kubernetesPolicies: readonly string[] = ['hpa', 'keda']

/** @returns undefined without `--as` @throws {UsageError} for a name that is none, and for flags that contradict each other */
export const infrastructureFormat = (flags: {
  readonly as?: string
  readonly output?: string
  readonly json?: boolean
  readonly policy?: string
}): Format | undefined => {
  if (flags.as === undefined) {
    if (flags.output !== undefined) throw new UsageError('-o was given without --as. It says where the files of --as go. Add --as terraform, or leave it out.')
    return undefined
  }
  const names = Object.keys(writers) as Format[]
  const format = names.find((name) => name === flags.as)
  if (format === undefined) throw new UsageError(`--as "${flags.as}" is not known. It is ${names.join(', ')}. Write --as ${names[0]}.`)
  if (flags.json === true) throw new UsageError(`--json and --as ${format} were both given. Either prints all there is. Leave one out.`)
  const isOther = flags.policy !== undefined && kubernetesPolicies.includes(flags.policy) !== kubernetesPolicies.includes(defaultPolicy(format))
  if (isOther && platforms[format] !== 'any')
    throw new UsageError(
      `--policy ${flags.policy} was played, and --as ${format} is for another autoscaler. What is written must be what was played. Write --policy ${defaultPolicy(format)}.`,
    )
  return format
}

/** Files that deploy tell nothing of alerts, nor of those that there are none of. */
export const isOfAlerts = (format: Format): boolean => platforms[format] === 'any'

/** The autoscaler that a format is for is the one to play. */
export const defaultPolicy = (format: Format | undefined): string => (format !== undefined && platforms[format] === 'kubernetes' ? 'hpa' : 'ecs')

/** @throws {ValidatorError} when one refuses @returns what could not be checked, and how it could */
const uncheckedIn = async (artefacts: readonly Artefact[], io: Io): Promise<string[]> => {
  const asked = await askValidators(artefacts, io)
  for (const { validator, outcome } of asked) if (outcome.state === 'refused') throw new ValidatorError(validator, outcome.words)
  return asked.flatMap(({ validator, outcome }) =>
    outcome.state === 'absent' ? [`Not checked: ${outcome.unchecked}, because ${validator} was not found. ${outcome.how}`] : [],
  )
}

const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}

/** One file goes where it is said, several into a folder. @returns their paths @throws {UsageError} when they can't be written */
const keep = async (artefacts: readonly Artefact[], output: string, io: Io): Promise<string[]> => {
  const intoFolder = artefacts.length > 1 || output.endsWith('/') || (await isFolder(resolve(io.cwd, output)))
  const paths = artefacts.map(({ file }) => (intoFolder ? join(output, file) : output))
  try {
    for (const [at, { text }] of artefacts.entries()) {
      const path = resolve(io.cwd, paths[at] as string)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text)
    }
  } catch (error) {
    const cause = error as NodeJS.ErrnoException
    throw new UsageError(`${output} can't be written (${cause.code}). The files go there. Choose another path with -o.`, { cause })
  }
  return paths
}

export type InfrastructureFlags = { readonly as: Format; readonly output: string | undefined }

/**
 * @param sizes that Fargate has
 * @returns 3 when nothing of the recommendation can be written in this format @throws {ValidatorError} before anything is printed
 */
export const writeInfrastructure = async (
  recommendation: Recommendation,
  sizes: readonly Size[],
  { as, output }: InfrastructureFlags,
  io: Io,
): Promise<ExitCode> => {
  const say = (sentence: string): unknown => io.stderr.write(`${proseOn([sentence], io.columns)}\n`)
  const artefacts = writers[as](recommendation)
  if ('because' in artefacts) {
    say(artefacts.because)
    return 3
  }
  const wrong = wrongIn(recommendation, platforms[as] === 'ecs' ? sizes : undefined)
  if (wrong.length > 0) throw new ValidatorError('The check of the recommendation', wrong.join('\n'))
  const wrongInFiles = artefacts.flatMap(({ text, wrong: wrongIn }) => wrongIn?.(text) ?? [])
  if (wrongInFiles.length > 0) throw new ValidatorError('The check of the files', wrongInFiles.join('\n'))
  for (const sentence of await uncheckedIn(artefacts, io)) say(sentence)
  if (output === undefined) io.stdout.write(artefacts.map(({ text }) => text).join('\n'))
  else for (const path of await keep(artefacts, output, io)) say(`Wrote ${path}`)
  return 0
}
