/** Three steps, from which the demand of a request is told, and then more than the ten minutes near the planned rate that a size needs. */
import { constant, journey, scenario, sequence, staircase } from 'scale-surgeon'

export default scenario({
  shape: sequence(staircase({ from: '7/s', to: '21/s', steps: 3, hold: '20s' }), constant({ rate: '27/s', duration: '620s' })),
  journeys: [
    journey('one request', async ({ http }) => {
      await http.get('/')
    }),
  ],
})
