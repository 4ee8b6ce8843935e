import { PerfError } from './perf-error.ts'

/** What was about to be printed is not what it claims to be; `words` are those of whoever found it. */
export class ValidatorError extends PerfError {
  readonly exitCode = 5
  constructor(
    readonly validator: string,
    readonly words: string,
  ) {
    super(
      `${validator} refused what was written, so nothing is printed:\n${words}\nWhat perf writes should pass. Please report it with the command that was typed; another format may do meanwhile.`,
    )
  }
}
