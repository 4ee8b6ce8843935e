/** Golden files under test/golden/. `UPDATE_GOLDEN=1 npx vitest run test/reports` renews those of reports; then read the difference. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'

export const expectGoldenIn = (folder: string, name: string, content: string): void => {
  const file = join(import.meta.dirname, '../../golden', folder, name)
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
  expect(content).toBe(readFileSync(file, 'utf8'))
}

export const expectGolden = (name: string, content: string): void => expectGoldenIn('reports', name, content)
