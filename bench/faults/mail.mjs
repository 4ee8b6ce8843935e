/**
 * An application that puts a message into a queue of RabbitMQ for each request, and takes them out one after another.
 *   node mail.mjs   with AMQP_URL, WORK (milliseconds of a message)
 */
import { createServer } from 'node:http'
import { connect } from 'amqplib'

const queue = 'mail'
const connection = await connect(process.env.AMQP_URL)
const [sending, taking] = [await connection.createChannel(), await connection.createChannel()]
await sending.assertQueue(queue)
await taking.prefetch(1)
await taking.consume(queue, (message) => setTimeout(() => taking.ack(message), Number(process.env.WORK)))

const server = createServer((_request, response) => {
  sending.sendToQueue(queue, Buffer.from('{"to":"somebody"}'))
  response.statusCode = 202
  response.end('queued')
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
