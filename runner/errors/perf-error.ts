/** Exit codes of the command line, each with its one meaning. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 130

/**
 * Base of every error a user may see. A subclass carries its facts as fields and says one sentence group in three parts:
 * what happened with its value, what was expected, what to do. Only the command line prints it and exits.
 */
export abstract class PerfError extends Error {
  abstract readonly exitCode: ExitCode
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
  }
}
