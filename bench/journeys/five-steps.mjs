/** Five requests one after the other, each with two checks, as journeys mostly are written. */
import { journey, scenario } from 'scale-surgeon'

const conditions = { 'status is 200': (response) => response.status === 200, 'says hello': (response) => response.body.includes('hello') }

export default scenario({
  journeys: [
    journey('five steps', async ({ http, check }) => {
      for (const path of ['/', '/search', '/item', '/cart', '/checkout']) check(await http.get(path), conditions)
    }),
  ],
})
