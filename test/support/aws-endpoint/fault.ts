/** An error as AWS sends it. */
export class AwsFault extends Error {
  constructor(
    /** As JSON protocols name it, such as InvalidParameterException; for the query protocol the word without Exception. */
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message)
  }
}
