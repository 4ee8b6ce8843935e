/** Revisions of a task definition that a change registered, and nothing uses once it is undone: whoever takes the newest would get the size that was put back. */
import type { Place } from './place.ts'
import { taskSizeOf } from './resized.ts'
import type { Rollback } from './rollback-file.ts'
import { definedAt } from './state.ts'
import { revisionName } from './step-words.ts'

export type RevisionsLeft = {
  readonly retired: string | undefined
  /** Registered without an answer that was heard, as far as can be seen. */
  readonly possible: readonly string[]
}

/** Revisions that are looked at. */
const most = 10

const split = (arn: string): { family: string; revision: number } => {
  const [family = '', revision] = revisionName(arn).split(':')
  return { family, revision: Number(revision) }
}

/** @param used what the service uses afterwards @throws {AwsError} */
export const revisionsLeft = async (place: Place, { registered, size, before }: Rollback, used: string): Promise<RevisionsLeft> => {
  if (size === undefined) return { retired: undefined, possible: [] }
  const { family, revision: old } = split(before.definition)
  const last = registered ?? (await definedAt(place, family)).definition.taskDefinitionArn ?? ''
  const active: string[] = []
  for (let revision = split(last).revision; revision > Math.max(old, split(last).revision - most); revision--) {
    const { definition } = await definedAt(place, `${family}:${revision}`)
    const { taskDefinitionArn = '', status, registeredBy = place.arn } = definition
    const { cpu, memory } = taskSizeOf(definition)
    const isLike = cpu === size.cpu && memory === size.memory && registeredBy === place.arn
    if (status !== 'INACTIVE' && taskDefinitionArn !== used && (isLike || taskDefinitionArn === registered)) active.push(taskDefinitionArn)
  }
  return { retired: active.find((each) => each === registered), possible: active.filter((each) => each !== registered) }
}
