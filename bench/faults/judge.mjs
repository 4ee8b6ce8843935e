/** What perf says of a run, held against what was done to it. */
import { execa } from 'execa'

/**
 * Right is: the illness is the first that is named, and what broke first, where that is named, fits it. Of a healthy run nothing is named.
 * @returns whether it is right, and what was said
 */
export const judge = async ({ illness, first }, folder, command) => {
  const { stdout, stderr } = await execa('node', [command, 'why', 'latest', '--json'], { cwd: folder, reject: false })
  if (stdout === '') throw new Error(`${folder}: ${stderr}`)
  const { attribution, illnesses } = JSON.parse(stdout)
  const named = illnesses.map((each) => each.illness)
  const hasCause = attribution.state === 'named'
  const cause = hasCause ? attribution.cause.name : attribution.state
  const isRight = illness === undefined ? !hasCause && named.length === 0 : named[0] === illness && (!hasCause || first === undefined || first.test(cause))
  return { isRight, named, cause, at: attribution.breach?.at }
}
