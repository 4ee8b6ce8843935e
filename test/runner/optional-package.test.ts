import { expect, test } from 'vitest'
import { packageFor } from '../../runner/optional-package.ts'

test('a package that is not there is named, with the command that installs it', async () => {
  const absent = packageFor('Redis', 'ioredis', () => Promise.reject(new Error('ERR_MODULE_NOT_FOUND')))
  await expect(absent).rejects.toThrow('the package "ioredis" is not installed, which speaks with Redis (npm install ioredis)')
})
