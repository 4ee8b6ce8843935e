/** Finds a RabbitMQ that the target uses by what its broker says first, and its management plugin by what it asks for. */
import { portsListenedOn } from '../../machine/connections.ts'
import { firstWordsOf } from '../../machine/first-words.ts'
import { processesOn } from '../../machine/listeners.ts'
import { answerIfAny } from '../answer.ts'
import type { Detected, ProbeWorld } from '../kind.ts'
import { serversBeside, urlFrom } from '../neighbours.ts'

const usualPort = 15_672

/** Begins AMQP 0-9-1; a broker answers with its name and version before anybody has a name. */
const protocolHeader = Uint8Array.of(65, 77, 81, 80, 0, 0, 9, 1)

/** @example greetedBy(…) // 'RabbitMQ 3.10.8' */
const greetedBy = (heard: Buffer | undefined): string | undefined => {
  const words = heard?.toString('latin1') ?? ''
  if (!words.includes('RabbitMQ')) return undefined
  const [, version] = /versionS[\s\S]{4}(\d+\.\d+\.\d+)/.exec(words) ?? []
  return version === undefined ? 'RabbitMQ' : `RabbitMQ ${version}`
}

/** The port on which the broker's process asks for a user of its management; undefined when there is none. */
const managementPort = async (broker: number, proc: string | undefined): Promise<number | undefined> => {
  const others = portsListenedOn(processesOn(broker, proc), proc).filter((port) => port !== broker)
  for (const port of others.length > 0 ? others : [usualPort]) if ((await answerIfAny(`http://127.0.0.1:${port}/api/overview`))?.status === 401) return port
  return undefined
}

export const detect = (world: ProbeWorld): Promise<Detected<{ url: string }>[]> =>
  serversBeside(
    world,
    { called: 'RabbitMQ', programs: /^beam(\.smp)?$/, port: 5672 },
    async ({ address, port }) => greetedBy(await firstWordsOf(address, port, protocolHeader)),
    async ({ address, port }, answered) => {
      const found = answered === undefined ? undefined : await managementPort(port, world.proc)
      const entry = urlFrom('RABBITMQ_URL', `http://perf:…@${answered === undefined ? address : '127.0.0.1'}:${found ?? usualPort}`)
      return answered === undefined || found !== undefined ? entry : { ...entry, lacks: 'rabbitmq-plugins enable rabbitmq_management' }
    },
  )
