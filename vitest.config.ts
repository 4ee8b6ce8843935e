import { defineConfig } from 'vitest/config'

const needsMore = ['test/**/*.integration.test.ts', 'test/**/*.browser.test.ts']
const endToEnd = ['test/e2e/**/*.test.ts']

export default defineConfig({
  test: {
    // A worker for each core, where a project has several: vitest leaves one core to itself, which is half of two.
    maxWorkers: '100%',
    projects: [
      // Nothing but Node: no dist/, no k6, no other program.
      // They share nothing that they change, so they may share a module graph, which saves a third of the time.
      {
        test: { name: 'unit', isolate: false, include: ['test/**/*.test.ts'], exclude: [...needsMore, ...endToEnd], testTimeout: 30_000, hookTimeout: 30_000 },
      },
      // Real servers, engines and browsers. One file at a time: they measure, and two at once would measure each other.
      { test: { name: 'integration', include: needsMore, exclude: endToEnd, fileParallelism: false, testTimeout: 60_000, hookTimeout: 60_000 } },
      // The built program as a user runs it.
      { test: { name: 'e2e', include: endToEnd, fileParallelism: false, testTimeout: 180_000, hookTimeout: 180_000 } },
    ],
  },
})
