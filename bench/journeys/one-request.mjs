/** The smallest journey there is: what is measured is the engine. */
import { journey, scenario } from 'scale-surgeon'

export default scenario({ journeys: [journey('one request', ({ http }) => http.get('/'))] })
