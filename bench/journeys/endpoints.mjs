/** One request of many different ones in turn: what a figure for each of them costs. How many stands in the variable ENDPOINTS. */
import { journey, scenario } from 'scale-surgeon'

/** Letters only: numbers in a path are taken for ids, and ids for one endpoint. @example lettersOf(27) // 'bb' */
const lettersOf = (number) => (number < 26 ? '' : lettersOf(Math.floor(number / 26))) + String.fromCharCode(97 + (number % 26))
const paths = Array.from({ length: 10_000 }, (_, number) => `/${lettersOf(number)}`)

export const journeys = [journey('one of many', ({ http, env, arrival }) => http.get(paths[arrival % Number(env.ENDPOINTS)]))]

export default scenario({ journeys })
