/**
 * Before a fast load each thread plays a short one against a server of its own, in the same thread: compiling this program while
 * thousands of arrivals a second fall due would make the first of them late by up to a second. The target sees nothing of it.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { journey, scenario } from '../../../scenarios/journey.ts'
import { peakRate } from '../../../scenarios/shape.ts'
import { constant } from '../../../scenarios/shapes.ts'
import { userAgentOf } from '../../user-agent.ts'
import { HttpClient } from './client.ts'
import { Traffic } from './connections.ts'
import { Load } from './load.ts'
import type { Assignment } from './protocol.ts'
import { Recorder } from './recorder.ts'
import { ThrownErrors } from './thrown.ts'
import type { World } from './virtual-user.ts'

/** Slower loads compile as they go, in the time between two arrivals. */
const worthIt = 500 // arrivals a second in one thread
const shape = constant({ rate: '20000/s', duration: '400ms' }) // V8's last compiler takes functions up after some thousand calls; with 2,000 of them 40,000/s began 70 ms late, with 8,000 50 ms
const longest = 1500 // milliseconds; a busy machine must not wait for its rehearsal

const answer = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ndate: Thu, 01 Jan 1970 00:00:00 GMT\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nok'
const play = scenario({ journeys: [journey('rehearsal', async ({ http }) => void (await http.get('/')))] })

export const rehearse = async (assignment: Assignment, world: Omit<World, 'client' | 'recorder'>): Promise<void> => {
  if (peakRate(assignment.plan.shape) / assignment.workers < worthIt) return
  const server = createServer((socket) =>
    socket
      .setNoDelay(true)
      .on('data', () => socket.write(answer))
      .on('error', () => undefined),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const traffic = new Traffic()
  const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const recorder = new Recorder(
    world.now,
    () => undefined,
    () => traffic.take(),
  )
  const headers = { 'user-agent': userAgentOf(assignment.version, assignment.plan.id) }
  const client = new HttpClient({ target, headers, lookup: () => ['127.0.0.1'], insecure: false }, recorder, traffic, world.now)
  await client.warm(50)
  const plan = { ...assignment.plan, shape, users: 200, gracefulStop: 1 }
  await new Promise<void>((resolve) => {
    const load = new Load(play, { ...assignment, plan, worker: 0, workers: 1 }, { ...world, client, recorder }, new ThrownErrors(), world.now(), resolve)
    setTimeout(() => load.kill(), longest).unref()
    load.start()
  })
  server.close()
}
