/** The rules that are written, as promtool and Prometheus itself take them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Artefact } from '../../../../budgets/advice/infrastructure/artefact.ts'
import { prometheusRules } from '../../../../budgets/advice/infrastructure/prometheus-rules.ts'
import type { Recommendation } from '../../../../budgets/advice/recommendation.ts'
import { watchedSituations } from '../../../support/alerts.ts'
import { hasPrometheus, promtool, startPrometheus } from '../../../support/prometheus.ts'

const written = (recommendation: Recommendation): readonly Artefact[] => {
  const artefacts = prometheusRules(recommendation)
  if ('because' in artefacts) throw new Error(artefacts.because)
  return artefacts
}

describe.skipIf(!hasPrometheus)('Prometheus rules', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'perf-rules-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** Writes the files, changed where a test breaks something, and asks promtool. */
  const asked = async (artefacts: readonly Artefact[], change: (text: string) => string = (text) => text) => {
    for (const { file, text } of artefacts) await writeFile(join(folder, file), file.includes('.test.') ? text : change(text))
    const check = await promtool(folder, 'check', 'rules', 'prometheus-rules.yml')
    const tests = await promtool(folder, 'test', 'rules', 'prometheus-rules.test.yml')
    return { check, tests }
  }

  test.each(Object.entries(watchedSituations))(
    '%s: promtool accepts them, and their own tests see each alert sound and not sound',
    async (_, recommendation) => {
      const { check, tests } = await asked(written(recommendation))
      expect(check.exitCode, check.all).toBe(0)
      expect(tests.exitCode, tests.all).toBe(0)
    },
  )

  const whole = watchedSituations['on Kubernetes'] as Recommendation

  test('a broken expression is refused', async () => {
    const { check } = await asked(written(whole), (text) => text.replace('histogram_quantile(', 'histogram_quantil('))
    expect(check.exitCode).not.toBe(0)
    expect(check.all).toContain('unknown function')
  })

  test.each([
    ['a threshold that is never reached', '> 0.726', '> 726'],
    ['a threshold in the calm', '> 0.643', '> 0.01'],
    ['a name that nobody has', 'container_cpu_usage_seconds_total', 'container_cpu_seconds_total'],
    ['an alert that sounds at once', 'for: 180s', 'for: 0s'],
  ])('their own tests see %s', async (_, from, to) => {
    const { check, tests } = await asked(written(whole), (text) => text.replaceAll(from, to))
    expect(check.exitCode, check.all).toBe(0)
    expect(tests.exitCode).not.toBe(0)
  })

  test('a running Prometheus loads them and evaluates each without an error', async () => {
    const rules = written(whole).filter(({ file }) => file === 'prometheus-rules.yml')
    const prometheus = await startPrometheus({ rules: rules.map(({ text }) => text) })
    try {
      const groups = await untilEvaluated(prometheus.url)
      expect(groups.toSorted((a, b) => a.name.localeCompare(b.name)).map(({ rules: all }) => all.length)).toEqual([16, 8])
      expect(groups.flatMap(({ rules: all }) => all).filter(({ health, lastError }) => health !== 'ok' || lastError !== undefined)).toEqual([])
    } finally {
      await prometheus.stop()
    }
  })
})

type Rule = { readonly name: string; readonly health: string; readonly lastError?: string }

/** Rules as its API tells them, once each has been evaluated. */
const untilEvaluated = async (url: string): Promise<{ readonly name: string; readonly rules: readonly Rule[] }[]> => {
  for (let attempt = 0; attempt < 600; attempt++) {
    const answer = (await (await fetch(`${url}/api/v1/rules`)).json()) as { data: { groups: { name: string; rules: Rule[] }[] } }
    const { groups } = answer.data
    if (groups.length > 0 && groups.every(({ rules }) => rules.every(({ health }) => health !== 'unknown'))) return groups
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('Prometheus did not evaluate its rules within a minute.')
}
