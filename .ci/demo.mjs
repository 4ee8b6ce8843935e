/** `npm run demo`: sets up, then puts the built-in demo shop through a short spike and says where the report is. Arguments replace the defaults: npm run demo -- baseline */
import { join } from 'node:path'
import { root, run } from './command.mjs'
import { setUp } from './set-up.mjs'

setUp()
const given = process.argv.slice(2)
const test = given.length > 0 ? given : ['spike', '--duration', '40s']
process.exitCode = run('node', [join(root, 'dist', 'runner', 'cli.js'), 'run', ...test], { answers: true })
