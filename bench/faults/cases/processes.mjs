/** Faults of the application's own process: CPU, memory, files. */
import { held, stepped } from '../shapes.mjs'
import { startShop } from '../shop.mjs'

const quarter = startShop({ group: { quota: 0.25 } })
const small = startShop({ group: { memory: 256 } })

export const processes = [
  { name: 'CPU quota 0.25', start: quarter, path: '/work', shape: stepped(12, 90), illness: 'cpu-throttling', first: /app[.](cpu|throttled)/ },
  { name: 'one thread full', start: startShop({ work: 8 }), path: '/work', shape: stepped(25, 170), illness: 'cpu-saturation', first: /cpu/ },
  { name: 'leak of 64 KB', start: small, path: '/leak', shape: held(55, '48s'), illness: 'memory-leak' },
  { name: 'leak until killed', start: small, path: '/leak', shape: held(110, '44s'), illness: 'out-of-memory', first: /memory/ },
  { name: 'file limit 64', start: startShop({ files: 64 }), path: '/files', shape: held(5, '46s'), illness: 'file-descriptors', first: /open_files/ },
]
