/** Runs inside k6: tells the engine of journeys that threw, each virtual user each message once. */
import { marks } from './metric-names.ts'

const mostMessages = 3 // of a virtual user; thousands of users throw the same

export const failureReporter = (): ((error: unknown) => void) => {
  const told = new Set<string>()
  return (error) => {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    if (told.size >= mostMessages || told.has(message)) return
    told.add(message)
    const stack = error instanceof Error ? String(error.stack ?? '') : ''
    console.error(marks.threw + JSON.stringify({ message: error instanceof Error ? error.message : String(error), stack: stack.slice(0, 4000) }))
  }
}
