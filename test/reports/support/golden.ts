/** Golden files under test/golden/reports/. `UPDATE_GOLDEN=1 npx vitest run test/reports` renews them; then read the difference. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'

const folder = join(import.meta.dirname, '../../golden/reports')

export const expectGolden = (name: string, content: string): void => {
  const file = join(folder, name)
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
  expect(content).toBe(readFileSync(file, 'utf8'))
}
