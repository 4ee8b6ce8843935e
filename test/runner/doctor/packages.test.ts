import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { deploymentPackages } from '../../../runner/deployments/packages.ts'
import { packageFindings } from '../../../runner/doctor/packages.ts'
import { everyKind } from '../../../runner/probes/index.ts'
import { ownPackage } from '../../../runner/version.ts'

test('each package that may be absent is told with what needs it', async () => {
  const findings = packageFindings(await everyKind()).map(({ found }) => found.replace(/ \d[\d.]*/, ''))
  expect(findings).toContain('@aws-sdk/client-cloudwatch, for probes of kind cloudwatch and perf advise --ecs')
  expect(findings).toContain('@kubernetes/client-node, for perf advise --kubernetes')
  expect(findings.filter((found) => found.endsWith(', optional'))).toEqual([])
})

test('what reading a deployment needs is a peer, and named where reading is explained', async () => {
  const explained = await readFile(new URL('../../../runner/deployments/ecs/ecs.md', import.meta.url), 'utf8')
  expect(explained).toContain(`npm install ${deploymentPackages['--ecs'].join(' ')}\n`)
  for (const name of Object.values(deploymentPackages).flat()) expect(ownPackage().optional).toContain(name)
})
