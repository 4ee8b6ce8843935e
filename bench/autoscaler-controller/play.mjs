/**
 * `node bench/autoscaler-controller/play.mjs`: what the HorizontalPodAutoscaler's own controller does with our loads, in time that exists
 * only in its process (Go's testing/synctest). Its code is fetched and built, which takes Go 1.26 and many minutes; playing takes a second.
 * The answers are what test/budgets/advice/scaling/real-autoscaler.test.ts holds our player to.
 */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { must, root } from '../../.ci/command.mjs'
import { inWorkshop } from '../../.ci/kubernetes.mjs'
import { loads } from './loads.mjs'

const played = join(root, 'test', 'fixtures', 'kubernetes-1.36.3', 'autoscaler.json')

inWorkshop((workshop, go) => {
  const folder = join(workshop, 'autoscaler')
  const program = join(workshop, 'autoscaler.test')
  mkdirSync(folder)
  copyFileSync(join(root, 'bench', 'autoscaler-controller', 'autoscaler_test.go'), join(folder, 'autoscaler_test.go'))
  writeFileSync(join(folder, 'loads.json'), JSON.stringify(loads))
  go('test', '-vet=off', '-c', '-o', program, './autoscaler')
  must(program, ['-test.run', 'TestPlay'], 'The controller did not play. See its message above.', {
    env: { LOADS: join(folder, 'loads.json'), PLAYED: played },
    quiet: 'unless it fails',
  })
})
