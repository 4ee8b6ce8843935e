/** What perf writes for Terraform, before the real AWS provider: validated, planned, applied to a stand-in for AWS, read back, and taken away. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
} from '@aws-sdk/client-application-auto-scaling'
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch'
import { CreateClusterCommand, CreateServiceCommand, ECSClient, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Artefact } from '../../../../budgets/advice/infrastructure/artefact.ts'
import { terraform } from '../../../../budgets/advice/infrastructure/terraform.ts'
import type { Recommendation } from '../../../../budgets/advice/recommendation.ts'
import { situations } from '../../../support/a-recommendation.ts'
import { startAwsForTerraform } from '../../../support/aws-for-terraform.ts'
import { hasMoto, type Moto, startMoto } from '../../../support/moto.ts'
import { hasProvider, terraformIn } from '../../../support/terraform-provider.ts'

const scratch = mkdtempSync(join(tmpdir(), 'perf-terraform-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** A service for each, because two autoscalers of one service would be one. */
const serviceOf = (name: string): string => name.replaceAll(/\W+/g, '-')
const named = (name: string, recommendation: Recommendation): Recommendation =>
  recommendation.deployment?.kind === 'ecs' && name !== 'hostile names'
    ? { ...recommendation, deployment: { ...recommendation.deployment, service: serviceOf(name) } }
    : recommendation

const filesOf = (name: string): readonly Artefact[] => {
  const files = terraform(named(name, situations[name] as Recommendation))
  if ('because' in files) throw new Error(files.because)
  return files
}

const answers: Readonly<Record<string, string>> = {
  cluster: 'prod',
  queue: 'mails',
  resource_label: 'app/shop-balancer/50dc6c495c0c9188/targetgroup/shop-targets/943f017f100becff',
}

/** The blocks that an override goes into, as a user has them. */
const owned = (name: string): string => `resource "aws_ecs_task_definition" "${name}" {
  family                = "shop"
  cpu                   = "1024"
  memory                = "2048"
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}

resource "aws_ecs_service" "${name}" {
  name            = "shop"
  cluster         = "prod"
  task_definition = aws_ecs_task_definition.${name}.arn
}
`

/** One configuration with a module for each situation. @param isWanted of its files */
const configurationOf = (names: readonly string[], isWanted: (file: string) => boolean): string => {
  const folder = mkdtempSync(join(scratch, 'configuration-'))
  const modules = names.flatMap((name) => {
    const files = filesOf(name).filter(({ file }) => isWanted(file))
    if (files.length === 0) return []
    const place = serviceOf(name)
    mkdirSync(join(folder, place))
    for (const { file, text } of files) {
      writeFileSync(join(folder, place, file), text)
      const own = /"aws_ecs_service" "([^"]+)"/.exec(text)?.[1]
      if (own !== undefined) writeFileSync(join(folder, place, 'service.tf'), owned(own))
    }
    const asked = [
      ...files
        .map(({ text }) => text)
        .join('\n')
        .matchAll(/^variable "(\w+)"/gm),
    ].map(([, variable = '']) => variable)
    const given = asked.map((variable) => `  ${variable} = ${JSON.stringify(answers[variable] ?? place)}\n`)
    return [`module ${JSON.stringify(place)} {\n  source = "./${place}"\n${given.join('')}}\n`]
  })
  writeFileSync(join(folder, 'main.tf'), modules.join('\n'))
  return folder
}

const everyName = Object.keys(situations)
const told = { exitCode: 0 }

describe.skipIf(!hasProvider)("Terraform's own AWS provider", { timeout: 300_000 }, () => {
  const nowhere = 'http://127.0.0.1:9'

  test('finds every file of every situation valid', async () => {
    const run = terraformIn(
      configurationOf(everyName, () => true),
      nowhere,
    )
    expect(await run('get')).toMatchObject(told)
    expect(await run('validate')).toMatchObject({ exitCode: 0, all: expect.stringContaining('The configuration is valid') })
  })

  test('refuses a kind of policy that is none, and steps that are no numbers', async () => {
    const folder = mkdtempSync(join(scratch, 'broken-'))
    const text = filesOf('cpu steps')[0]?.text ?? ''
    writeFileSync(join(folder, 'kind.tf'), text.replaceAll('"StepScaling"', '"Steps"'))
    writeFileSync(join(folder, 'number.tf'), text.replaceAll('cpu_steps', 'other').replace(/scaling_adjustment += \d+/, 'scaling_adjustment = "many"'))
    const { exitCode, all } = await terraformIn(folder, nowhere)('validate')
    expect(exitCode).toBe(1)
    for (const words of ['expected policy_type to be one of', 'a number is required']) expect(all).toContain(words)
  })

  describe.skipIf(!hasMoto)('on a stand-in for AWS', () => {
    // Refused before they are printed: ECS has no such names.
    const scaled = everyName.filter((name) => name !== 'hostile names' && filesOf(name).some(({ file }) => file === 'scaling.tf'))
    let moto: Moto
    let aws: Awaited<ReturnType<typeof startAwsForTerraform>>
    const settings = () => ({ endpoint: moto.url, region: moto.region, credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' } })

    beforeAll(async () => {
      moto = await startMoto()
      aws = await startAwsForTerraform(moto)
      const ecs = new ECSClient(settings())
      await ecs.send(new CreateClusterCommand({ clusterName: 'prod' }))
      await ecs.send(new RegisterTaskDefinitionCommand({ family: 'shop', containerDefinitions: [{ name: 'app', image: 'app:1', memory: 128 }] }))
      for (const name of scaled)
        await ecs.send(new CreateServiceCommand({ cluster: 'prod', serviceName: serviceOf(name), taskDefinition: 'shop', desiredCount: 4 }))
    })
    afterAll(async () => {
      aws?.stop()
      await moto?.stop()
    })

    test('makes what was recommended, finds nothing to change afterwards, and takes all of it away again', async () => {
      const run = terraformIn(
        configurationOf(scaled, (file) => file === 'scaling.tf'),
        aws.url,
      )
      expect(await run('get')).toMatchObject(told)
      expect(await run('apply', '-auto-approve')).toEqual({ exitCode: 0, all: expect.stringContaining('Apply complete!') })

      const scaling = new ApplicationAutoScalingClient(settings())
      const ofEcs = { ServiceNamespace: 'ecs' as const }
      const { ScalableTargets = [] } = await scaling.send(new DescribeScalableTargetsCommand(ofEcs))
      expect(ScalableTargets.map(({ ResourceId }) => ResourceId).toSorted()).toEqual(scaled.map((name) => `service/prod/${serviceOf(name)}`).toSorted())
      for (const { MinCapacity, MaxCapacity } of ScalableTargets) expect([MinCapacity, MaxCapacity]).toEqual([4, 13])
      const { ScalingPolicies = [] } = await scaling.send(new DescribeScalingPoliciesCommand(ofEcs))
      const policiesOf = (name: string) => ScalingPolicies.filter(({ ResourceId }) => ResourceId === `service/prod/${serviceOf(name)}`)
      for (const name of scaled) expect([name, policiesOf(name).length]).toEqual([name, name.includes('steps') ? 2 : 1])
      expect(policiesOf('requests target, label not told')[0]?.TargetTrackingScalingPolicyConfiguration).toMatchObject({
        TargetValue: 2400,
        PredefinedMetricSpecification: { PredefinedMetricType: 'ALBRequestCountPerTarget', ResourceLabel: answers.resource_label },
      })
      const { ScheduledActions = [] } = await scaling.send(new DescribeScheduledActionsCommand(ofEcs))
      expect(ScheduledActions.map(({ Schedule }) => Schedule).toSorted()).toEqual([
        'at(2026-11-27T06:00:00)',
        'at(2026-11-27T22:00:00)',
        'cron(0 20 ? * MON-FRI *)',
        'cron(45 7 ? * MON-FRI *)',
      ])
      const { MetricAlarms = [] } = await new CloudWatchClient(settings()).send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'perf-' }))
      expect(MetricAlarms.every(({ AlarmActions: [action] = [] }) => ScalingPolicies.some(({ PolicyARN }) => PolicyARN === action))).toBe(true)
      expect(MetricAlarms).toHaveLength(2 * scaled.filter((name) => name.includes('steps')).length)

      expect(await run('plan', '-detailed-exitcode')).toEqual({ exitCode: 0, all: expect.stringContaining('No changes.') })
      expect(await run('destroy', '-auto-approve')).toEqual({ exitCode: 0, all: expect.stringContaining('Destroy complete!') })
      expect((await scaling.send(new DescribeScalableTargetsCommand(ofEcs))).ScalableTargets).toEqual([])
    })

    test('plans the size as what changes of the definition and of the service', async () => {
      const run = terraformIn(
        configurationOf(['size only'], () => true),
        aws.url,
      )
      expect(await run('get')).toMatchObject(told)
      const { exitCode, all } = await run('plan')
      expect([exitCode, all]).toEqual([0, expect.stringContaining('2 to add, 0 to change, 0 to destroy')])
      for (const part of [/\+ cpu += {1,2}"512"/, /\+ memory += {1,2}"1024"/, /\+ propagate_tags += {1,2}"TASK_DEFINITION"/]) expect(all).toMatch(part)
    })
  })
})
