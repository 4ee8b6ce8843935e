/**
 * Every case of the fault table, by family. A case:
 *   name         also the name of its runs' folder
 *   shape        code of its load shape (shapes.mjs)
 *   path         what the one request of a journey asks for · timeout of it, '10s'
 *   start(world) → { url, probes, stop, meanwhile?, under? }: `probes` go into perf.config.json; `meanwhile(signal)` runs while load
 *                does, for a fault that begins in the middle; `signal` aborts when the run has ended; `under` is a program with its
 *                arguments that starts perf
 *   illness      that must be named first; absent: none may be named
 *   first        what broke first, where attribution names it; absent: anything
 */
import { caches } from './cases/caches.mjs'
import { database } from './cases/database.mjs'
import { disks } from './cases/disks.mjs'
import { garbage } from './cases/garbage.mjs'
import { healthy } from './cases/healthy.mjs'
import { instances } from './cases/instances.mjs'
import { limits } from './cases/limits.mjs'
import { neighbours } from './cases/neighbours.mjs'
import { ports } from './cases/ports.mjs'
import { processes } from './cases/processes.mjs'
import { queues } from './cases/queues.mjs'
import { retries } from './cases/retries.mjs'

export const cases = [
  ...database,
  ...processes,
  ...limits,
  ...caches,
  ...garbage,
  ...queues,
  ...retries,
  ...disks,
  ...neighbours,
  ...instances,
  ...ports,
  ...healthy,
]
