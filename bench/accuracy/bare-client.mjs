/** The least that a client can be: timers set from the schedule, answers awaited by nobody, as many connections as it takes. */
import { Agent, get } from 'node:http'

const quantileOf = (sorted, p) => sorted[Math.max(1, Math.ceil(p * sorted.length - 1e-9)) - 1]

/** @returns quantiles of the successes in milliseconds, counted from when each was due */
export const bareClient = async (url, { rate, seconds }) => {
  const agent = new Agent({ keepAlive: true })
  const times = []
  const start = performance.now() + 100
  let open = seconds * rate
  await new Promise((resolve) => {
    const end = () => {
      open -= 1
      if (open === 0) resolve()
    }
    const send = (due) =>
      get(`${url}/load`, { agent }, (response) => {
        response.resume()
        response.on('end', () => {
          if (response.statusCode === 200) times.push(performance.now() - due)
          end()
        })
      }).on('error', end)
    for (let n = 0; n < seconds * rate; n++) {
      const due = start + ((n + 0.5) * 1000) / rate
      setTimeout(send, due - performance.now(), due)
    }
  })
  agent.destroy()
  const sorted = times.toSorted((a, b) => a - b)
  return { p50: quantileOf(sorted, 0.5), p95: quantileOf(sorted, 0.95), p99: quantileOf(sorted, 0.99), max: sorted.at(-1) }
}
