/** What is expected of a launch, in arrivals, and what must be known of the target to say so. */
import { figure } from '../../figure.ts'
import { isRequests } from './quantity.ts'

export type Expectation = {
  readonly declined: false
  /** Arrivals (users' journeys) per second at the height. */
  readonly peak: number
  /** Seconds in which they come. */
  readonly over: number
  /** Seconds from the ordinary rate to the height; 0: at once, where the words say nothing. */
  readonly rise: number
  /** How the height follows from the words. */
  readonly because: string
}

export type Known = {
  /** Requests that one journey makes on the average, to turn requests into journeys. */
  readonly requestsPerJourney: number
  /** Ordinary arrivals per second, for "3x"; undefined: not measured. */
  readonly ordinary: number | undefined
}

/** How requests became journeys, where they had to. */
export const ofRequests = (noun: string | undefined, { requestsPerJourney }: Known): string =>
  isRequests(noun) ? ` A journey makes ${requestsPerJourney === 1 ? 'one request' : `${figure(requestsPerJourney, '')} requests`}.` : ''
