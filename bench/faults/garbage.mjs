/**
 * An application that makes garbage: each request builds rows that live as long as the last so many requests do, in a heap that is
 * nearly full of what is kept for good.
 *   node --max-old-space-size=96 garbage.mjs   with KEPT (megabytes for good), ROWS (a request)
 */
import { createServer } from 'node:http'

const rowsOf = (count) => Array.from({ length: count }, (_, id) => ({ id, name: `row ${id}`, total: id / 7 }))

const aMegabyte = 10_000 // rows
const kept = Array.from({ length: Number(process.env.KEPT ?? 60) }, () => rowsOf(aMegabyte))
const latest = []

const server = createServer((_request, response) => {
  latest.push(rowsOf(Number(process.env.ROWS ?? 2000)))
  if (latest.length > 40) latest.shift()
  response.end(`${kept.length}`)
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
