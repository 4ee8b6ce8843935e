/** Runs inside k6: values and secrets come in by the environment, and `__ENV` must not show them to a journey that logs it. */

declare const __ENV: Record<string, string | undefined>

const hidden = ['PERF_K6_ENV', 'PERF_K6_SECRETS', 'K6_CLOUD_TOKEN']

const parsed = (name: string): Record<string, string> => JSON.parse(__ENV[name] ?? '{}') as Record<string, string>

/** What the plan gives journeys; read while the module loads. */
export const given = { env: parsed('PERF_K6_ENV'), secrets: parsed('PERF_K6_SECRETS') }

/** k6 fills `__ENV` anew when a virtual user begins to work, so this belongs before a journey's own code. */
export const hideGiven = (): void => {
  for (const name of hidden) delete __ENV[name]
}
