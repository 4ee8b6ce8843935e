/** The validators of rules and manifests, each with a file that is right and with one that is broken. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { kubernetesValidate } from '../../../runner/validators/kubernetes-validate.ts'
import { promtool } from '../../../runner/validators/promtool.ts'
import type { Validator } from '../../../runner/validators/validator.ts'
import { findProgram } from '../../support/programs.ts'
import { hasKubernetesValidate, pathWithPython } from '../../support/python.ts'

const folder = mkdtempSync(join(tmpdir(), 'perf-validators-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const ask = (validator: Validator, text: string) => {
  writeFileSync(join(folder, 'file.yaml'), text)
  return validator(folder, ['file.yaml'], { env: { ...process.env, PATH: pathWithPython }, cwd: folder })
}

describe.skipIf(findProgram('promtool') === undefined)('promtool', () => {
  const rules = 'groups:\n  - name: shop\n    rules:\n      - alert: Slow\n        expr: rate(errors_total[5m]) > 0.1\n        for: 3m\n'
  test('accepts rules, and refuses an expression that is none', async () => {
    expect(await ask(promtool, rules)).toEqual({ state: 'accepted' })
    expect(await ask(promtool, rules.replace('[5m])', '[5m]'))).toMatchObject({ state: 'refused', words: expect.stringContaining('parse') })
  })
})

describe.skipIf(!hasKubernetesValidate)('kubernetes-validate', () => {
  const manifest =
    'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: shop\nspec:\n  maxReplicas: 4\n  scaleTargetRef:\n    kind: Deployment\n    name: shop\n'
  test('accepts a manifest, and refuses a field that there is none', async () => {
    expect(await ask(kubernetesValidate, manifest)).toEqual({ state: 'accepted' })
    expect(await ask(kubernetesValidate, manifest.replace('  maxReplicas', '  surplus: 1\n  maxReplicas'))).toMatchObject({
      state: 'refused',
      words: expect.stringContaining('surplus'),
    })
  })
})
