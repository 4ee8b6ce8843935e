/** A network of its own with few ports, in which the application, the service behind it and perf are. Making one takes root. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { held } from '../shapes.mjs'

// Linux gives ports of connections to itself back after a second unless told otherwise; those to another machine it never does.
const settings = 'ip link set lo up; echo "40000 40255" > /proc/sys/net/ipv4/ip_local_port_range; echo 0 > /proc/sys/net/ipv4/tcp_tw_reuse'

const start = async (world) => {
  const keeper = spawn('unshare', ['--net', 'sh', '-c', `${settings}; echo ready; exec sleep infinity`], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(keeper.stdout, 'data')
  const under = ['nsenter', `--net=/proc/${keeper.pid}/ns/net`]
  const app = await world.program('caller.mjs', { under })
  const stop = async () => {
    await app.stop()
    keeper.kill('SIGKILL')
  }
  return { ...app, probes: [{ kind: 'host' }], under, stop }
}

export const ports = [
  { name: 'ephemeral ports used up', start, path: '/', shape: held(6, '52s'), illness: 'ephemeral-ports', first: /ephemeral_ports/ },
  { name: 'healthy connections without a pool', start, path: '/', shape: held(3, '45s') },
]
