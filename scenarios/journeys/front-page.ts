/** What a target gets that no scenario was given for: its URL, asked for once by each arrival. */
import { journey, scenario } from '../index.ts'

export default scenario({
  journeys: [
    journey('front page', async ({ http, check }) => {
      // No path of its own: the target's URL as it was given.
      const page = await http.get('')
      check(page, { 'the target answers': (response) => response.ok })
    }),
  ],
})
