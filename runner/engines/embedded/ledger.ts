/** What the threads have told so far, put together: users over all of them, journeys that threw, what the ending must say. */
import type { Caveat } from '../../run.ts'
import type { SecondPart } from '../../timeline.ts'
import { foldedCaveats } from '../virtual-user/endpoint-names.ts'
import { placeIn } from './place.ts'
import type { Summary, Thrown } from './protocol.ts'

/** From how many iterations on, all of which threw, it is not bad luck any more. */
const enough = { atOnce: 20, afterASecond: 5 } as const
const differentOnes = 5

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`)

export class Ledger {
  readonly #users = new Map<number, number[]>()
  readonly #thrown = new Map<string, { stack: string; count: number }>()
  readonly #summaries: Summary[] = []
  #completed = 0
  #failed = 0

  constructor(
    private readonly scenario: string,
    private readonly log: (line: string) => void,
  ) {}

  /** A part as it may be passed on: `users` is a most-at-once, so each thread's own must become the sum over the threads. */
  enter(worker: number, part: SecondPart): SecondPart {
    this.#completed += part.iterations?.completed ?? 0
    this.#failed += part.iterations?.failed ?? 0
    if (part.users === undefined) return part
    const known = this.#users.get(part.second) ?? []
    known[worker] = Math.max(known[worker] ?? 0, part.users)
    this.#users.set(part.second, known)
    this.#users.delete(part.second - 10) // long settled
    return { ...part, users: known.reduce((sum, users) => sum + (users ?? 0), 0) }
  }

  enterThrown({ message, stack, count }: Thrown): void {
    const known = this.#thrown.get(message)
    if (known) known.count += count
    else {
      this.#thrown.set(message, { stack, count })
      if (this.#thrown.size <= differentOnes) this.log(`A journey threw at ${placeIn(stack, this.scenario).text}: ${message}`)
    }
  }

  enterSummary(summary: Summary): void {
    this.#summaries.push(summary)
  }

  /** Nothing but errors so far, and enough of them to say that it stays so. @param second of the newest part; Infinity at the end */
  allThrew(second: number): boolean {
    if (this.#failed === 0 || this.#failed < this.#completed) return false
    return this.#failed >= enough.atOnce || (second >= 1 && this.#failed >= enough.afterASecond) || second === Infinity
  }

  /** The error seen first. */
  get firstThrown(): { readonly message: string; readonly stack: string; readonly of: number } {
    const [message, thrown] = [...this.#thrown][0] ?? ['it gave no reason', undefined]
    return { message, stack: thrown?.stack ?? '', of: this.#failed }
  }

  get caveats(): Caveat[] {
    return [...this.#ofThrown(), ...this.#ofSummaries()]
  }

  #ofThrown(): Caveat[] {
    if (this.#thrown.size === 0) return []
    const all = [...this.#thrown].sort((a, b) => b[1].count - a[1].count)
    const total = all.reduce((sum, [, { count }]) => sum + count, 0)
    const listed = all.slice(0, differentOnes).map(([message, { stack, count }]) => `"${message}" at ${placeIn(stack, this.scenario).text}, ${times(count)}`)
    const more = all.length > differentOnes ? `, and ${all.length - differentOnes} other errors` : ''
    return [
      {
        code: 'journeys-threw',
        text: `Journeys threw ${times(total)} of ${this.#completed}: ${listed.join('; ')}${more}. What stood after those lines was not measured. Correct them, or let the journey handle such answers.`,
      },
    ]
  }

  #ofSummaries(): Caveat[] {
    const sum = (of: (summary: Summary) => number): number => this.#summaries.reduce((total, summary) => total + of(summary), 0)
    const caveats: Caveat[] = []
    const sentAgain = sum((summary) => summary.sentAgain)
    if (sentAgain > 0)
      caveats.push({
        code: 'sent-again',
        text: `${sentAgain} requests met an idle connection that the target had just closed, and were sent again on another one, as browsers do. They count once, with the time of both. Let the target keep idle connections longer than 4 s.`,
      })
    const stoodInLine = sum((summary) => summary.stoodInLine)
    if (stoodInLine > 0)
      caveats.push({
        code: 'connections-busy',
        text: `${stoodInLine} requests stood in line for a connection, because as many as --connections allows were busy. Their wait counts in response and set-up time: it is what a client with so few connections gets. Allow more, or leave --connections out to see the target alone.`,
      })
    const shortages = new Map<string, number>()
    for (const summary of this.#summaries)
      for (const [code, count] of Object.entries(summary.shortages)) shortages.set(code, (shortages.get(code) ?? 0) + count)
    for (const [code, count] of shortages)
      caveats.push({
        code: 'generator-short',
        text: `This machine ran out of what a connection needs ${times(count)} (${code}). Those requests failed through the generator, not the target. Raise its limit of open files or ports, or lower the rate.`,
      })
    caveats.push(...foldedCaveats(this.#summaries.map(({ foldedEndpoints }) => foldedEndpoints)))
    const outside = sum((summary) => summary.outsideLoad)
    if (outside > 0) this.log(`setup made ${outside} requests, which are in no figure`)
    return caveats
  }
}
