/**
 * Runs inside a Node application and lets it be asked how it is: GET http://127.0.0.1:9465/perf-health.
 *
 *   node --import scale-surgeon/node-health server.js
 *
 * Loopback only. Each further process takes the next free port. It keeps no process alive, and never fails one: where it finds no
 * port, nobody can ask. It imports nothing but Node, so that the file can be copied to where the package is not.
 */
import { subscribe } from 'node:diagnostics_channel'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { constants, createHistogram, type PerformanceEntry, PerformanceObserver, performance } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'

type Collection = PerformanceEntry & { readonly detail?: { readonly kind?: number } }

const first = Number(process.env.PERF_HEALTH_PORT) || 9465
const ports = 32
const resolution = 10 // milliseconds between looks at the loop; a hundred timers a second cost a thousandth of a core

// Node's own monitorEventLoopDelay forgets the look it waits for when it is reset, and with it a stall that has just begun.
const delays = createHistogram()
let looked = performance.now()
const look = (): void => {
  const now = performance.now()
  delays.record(Math.max(1, Math.round((now - looked - resolution) * 1000))) // microseconds
  looked = now
}
setInterval(look, resolution).unref()

/** Concurrent work of the collector stops nobody; these do, for all of their time. */
const stopping = new Set<number | undefined>([constants.NODE_PERFORMANCE_GC_MAJOR, constants.NODE_PERFORMANCE_GC_MINOR])
const collecting = { total: 0, longest: 0, full: 0 }
new PerformanceObserver((list) => {
  for (const { duration, detail } of list.getEntries() as Collection[]) {
    if (!stopping.has(detail?.kind)) continue
    collecting.total += duration
    if (detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR) collecting.full += 1
    collecting.longest = Math.max(collecting.longest, duration)
  }
}).observe({ entryTypes: ['gc'] })

/** Of all HTTP servers of this process but the one that is asked here. Broken off ones are no longer under way, and count as nothing else. */
const requests = { ended: 0, took: 0, underWay: 0 }
subscribe('http.server.request.start', (message) => {
  const { response, server: theirs } = message as { response: ServerResponse; server: Server }
  if (theirs === server) return
  const began = performance.now()
  requests.underWay += 1
  response.once('close', () => {
    requests.underWay -= 1
    if (!response.writableFinished) return
    requests.ended += 1
    requests.took += performance.now() - began
  })
})

/** Times in milliseconds, sizes in bytes. What is called longest or a delay is since the last time somebody asked, all else since the start. */
const health = () => {
  look() // whoever asked while the loop stood still is heard before the timer
  const { active, idle } = performance.eventLoopUtilization()
  const { user, system } = process.cpuUsage()
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics()
  const told = {
    pid: process.pid,
    loop: { busy: active, idle, delayP99: delays.percentile(99) / 1000, longestDelay: delays.max / 1000 },
    collecting: { ...collecting },
    requests: { ...requests },
    heap: { used, limit },
    resident: process.memoryUsage.rss(),
    cpu: (user + system) / 1000,
  }
  delays.reset()
  collecting.longest = 0
  return told
}

const server = createServer((request, response) => {
  if (request.url !== '/perf-health') {
    response.writeHead(404).end()
    return
  }
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(health()))
})
server.on('connection', (socket) => socket.unref())
server.on('error', () => {
  next += 1
  if (next < first + ports) listen()
})

let next = first
const listen = (): void => {
  // Exclusive: workers of a cluster would share one port otherwise, and be asked in turn.
  server.listen({ port: next, host: '127.0.0.1', exclusive: true })
}
listen()
server.unref()
