/** One request of many different ones in turn: what a figure for each of them costs. How many stands in the variable ENDPOINTS. */
import { journey, scenario } from 'scale-surgeon'

/** Letters, because numbers are taken for ids, and ten at most in one place, because many are, too. @example pathOf(305) // '/d/a/f' */
const pathOf = (number) => [...String(number)].map((digit) => `/${'abcdefghij'[digit]}`).join('')
const paths = Array.from({ length: 10_000 }, (_, number) => pathOf(number))

export const journeys = [journey('one of many', ({ http, env, arrival }) => http.get(paths[arrival % Number(env.ENDPOINTS)]))]

export default scenario({ journeys })
