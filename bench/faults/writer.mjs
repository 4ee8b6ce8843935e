/**
 * An application that writes: 40 kB to its log for each request, or a file of its own for each.
 *   node writer.mjs   with FOLDER, and one of WRITES=log, files, or rotated: a log that begins anew at 8 MB
 */
import { open, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'

const { FOLDER, WRITES } = process.env
const line = `${'x'.repeat(40_000 - 1)}\n`
const rotatesAt = 8e6
const log = await open(join(FOLDER, 'access.log'), 'a')
let [written, session] = [0, 0]

const work = {
  log: () => log.appendFile(line),
  files: () => writeFile(join(FOLDER, `session-${session++}`), ''),
  rotated: async () => {
    if (written >= rotatesAt) {
      written = 0
      await log.truncate(0)
    }
    written += line.length
    await log.appendFile(line)
  },
}[WRITES]

const server = createServer(async (_, response) => {
  try {
    await work()
  } catch {
    response.statusCode = 500
  }
  response.end('done')
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
