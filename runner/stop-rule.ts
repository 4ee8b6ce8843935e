/** A reason to end a run early, looked at while load runs. The rules themselves judge, so they live in budgets/stop-rules.ts. */
import type { Seconds } from './run.ts'

export type StopRule = {
  readonly name: string
  /**
   * @param seconds everything told so far, from second 0 on, without holes; those of the last 90 s are quickly had
   * @param settledUntil seconds before this one change no more; later ones may still be told in parts and must not be judged
   * @returns why to stop, one sentence, or undefined to go on
   */
  readonly check: (seconds: Seconds, progress: { readonly settledUntil: number }) => { readonly because: string } | undefined
}
