/** A Prometheus of its own that scrapes the service, takes rules later, and tells which alerts fire since when. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * Shortened for a dry run, and for nothing else: windows of rates, the rules' own interval, and how long an alert must last.
 * @param pace 1: as they were written
 */
export const quickened = (text, pace) =>
  pace === 1
    ? text
    : text
        .replaceAll('interval: 30s', 'interval: 1s')
        .replaceAll('[2m]', `[${Math.max(5, Math.round(120 / pace))}s]`)
        .replace(/for: (\d+)s/g, (_, seconds) => `for: ${Math.max(1, Math.round(seconds / pace))}s`)

export const startPrometheus = async (folder, { port, service, pace }) => {
  const scrape = pace === 1 ? '15s' : '1s'
  writeFileSync(
    join(folder, 'prometheus.yml'),
    `global: { scrape_interval: ${scrape}, scrape_timeout: ${scrape === '1s' ? '1s' : '10s'} }\nrule_files: ['${folder}/rules/prometheus-rules.yml']\nscrape_configs: [{ job_name: shop, static_configs: [{ targets: ['${new URL(service).host}'] }] }]\n`,
  )
  const flags = [
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--web.enable-lifecycle',
  ]
  const running = spawn('prometheus', flags, { stdio: 'ignore', cwd: folder })
  const url = `http://127.0.0.1:${port}`
  const answer = (path, options) => fetch(`${url}${path}`, options)
  while (
    !(await answer('/-/ready').then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await pause(200)
  return {
    url,
    reload: async () => {
      const { ok } = await answer('/-/reload', { method: 'POST' })
      if (!ok) throw new Error('Prometheus did not take the rules.')
    },
    alerts: async () => (await (await answer('/api/v1/alerts')).json()).data.alerts,
    rules: async () => (await (await answer('/api/v1/rules')).json()).data.groups.flatMap((group) => group.rules),
    stop: async () => {
      const ended = once(running, 'exit')
      running.kill()
      await ended
    },
  }
}

/** Looks each second until told to stop. @returns each alert that fired, with the seconds of the epoch at which it was first seen to */
export const watchAlerts = (prometheus) => {
  const fired = new Map()
  let isOver = false
  const looking = (async () => {
    while (!isOver) {
      for (const { state, labels } of await prometheus.alerts().catch(() => []))
        if (state === 'firing' && !fired.has(labels.alertname)) fired.set(labels.alertname, { ...labels, at: Date.now() / 1000 })
      await pause(1000)
    }
  })()
  return async () => {
    isOver = true
    await looking
    return [...fired.values()]
  }
}
