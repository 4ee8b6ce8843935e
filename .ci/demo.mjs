/** `npm run demo`: sets up, then runs a 20-second baseline test on the built-in demo shop and says where the report is. Arguments replace the defaults: npm run demo -- spike */
import { join } from 'node:path'
import { root, run } from './command.mjs'
import { setUp } from './set-up.mjs'

setUp()
const given = process.argv.slice(2)
const test = given.length > 0 ? given : ['baseline', '--duration', '20s']
process.exitCode = run('node', [join(root, 'dist', 'runner', 'cli.js'), 'run', ...test], { answers: true })
