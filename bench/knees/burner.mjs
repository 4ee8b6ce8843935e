/**
 * A target that a processor bounds: each request takes the same work, one after the other in one thread.
 *   node burner.mjs   with ROUNDS of hashing for each request
 */
import { pbkdf2Sync } from 'node:crypto'
import { createServer } from 'node:http'

const rounds = Number(process.env.ROUNDS ?? 5000)
const server = createServer((_, response) => response.end(pbkdf2Sync('knee', 'salt', rounds, 32, 'sha256').toString('hex')))
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
