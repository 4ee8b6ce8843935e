/** The outside world as an argument, so that tests hand in their own. */
export type Io = {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly argv: readonly string[]
  /** Whether stdout is a terminal; colour goes there only if so. */
  readonly isTerminal: boolean
  readonly isInputTerminal: boolean
  readonly columns: number
  readonly now: () => Date
  readonly random: () => number
  /** Calls back on each Ctrl-C or termination request; returns how to stop listening. */
  readonly onInterrupt: (listener: () => void) => () => void
  /** Asks a yes-or-no question at the terminal. */
  readonly confirm: (question: string) => Promise<boolean>
}

export const usesColour = (io: Io): boolean => {
  if (io.env.NO_COLOR !== undefined && io.env.NO_COLOR !== '') return false
  if (io.env.FORCE_COLOR !== undefined && io.env.FORCE_COLOR !== '0') return true
  return io.isTerminal && io.env.TERM !== 'dumb'
}
