/** The child's whole environment, built from nothing: a stray K6_DURATION or K6_VUS of the caller's would replace the plan. */
import { dirname } from 'node:path'
import type { Plan } from '../../plan.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What a program needs to run at all, what finds certificates, and what the browser module finds Chromium with. */
const passedOn = /^(PATH|HOME|TMPDIR|TMP|TEMP|SYSTEMROOT|USERPROFILE|GOMAXPROCS|GOMEMLIMIT|SSL_CERT_FILE|SSL_CERT_DIR|K6_BROWSER_\w+)$/i

/** Names that would change how k6 itself runs. */
const reserved = /^(K6_|GO[A-Z]|LD_|PERF_K6_)|^(PATH|HOME|TMPDIR|TMP|TEMP|HTTPS?_PROXY|NO_PROXY|ALL_PROXY)$/i

/** A script reads values and secrets in `__ENV` under their own names, and where to go as PERF_TARGET. */
const forScript = (plan: Plan, secrets: Readonly<Record<string, string>>, folder: string): Record<string, string> => ({
  PERF_TARGET: plan.target.url,
  ...Object.fromEntries(Object.entries({ ...plan.env, ...secrets }).filter(([name]) => !reserved.test(name))),
  PERF_K6_SCRIPT_FOLDER: folder,
})

/**
 * How much garbage k6 lets lie, in percent of what it keeps. Few users keep little: eight times that is some 170 MB more than k6's own
 * setting would take, and gives the load a fifth of the core back. Many users keep more, so that less often is dear and hardly faster.
 */
const garbageOf = (users: number): string => (users <= 100 ? '800' : '400')

/**
 * Values and secrets travel here and nowhere else: arguments can be read by every user of the machine, files outlive the run.
 * @param channel where results go, and the token that k6 shows there
 */
export const environmentFor = (
  plan: Plan,
  secrets: Readonly<Record<string, string>>,
  channel: { readonly port: number; readonly token: string },
  callers: Environment,
): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(callers).filter((entry): entry is [string, string] => entry[1] !== undefined && passedOn.test(entry[0]))),
  GOGC: garbageOf(plan.users),
  K6_AUTO_EXTENSION_RESOLUTION: 'false',
  K6_NO_USAGE_REPORT: 'true',
  K6_CLOUD_HOST: `http://127.0.0.1:${channel.port}`,
  K6_CLOUD_PUSH_REF_ID: plan.id,
  K6_CLOUD_TOKEN: channel.token,
  K6_CLOUD_TRACES_ENABLED: 'false',
  K6_CLOUD_TIMEOUT: '5s',
  K6_CLOUD_AGGREGATION_PERIOD: '1s',
  K6_CLOUD_AGGREGATION_WAIT_PERIOD: '2s',
  K6_CLOUD_METRIC_PUSH_INTERVAL: '1s',
  // A flush of more series comes in several pushes, and one that is lost takes the later ones with it. Each URL of a second may have ten.
  K6_CLOUD_MAX_TIME_SERIES_IN_BATCH: '100000',
  ...(plan.source.kind === 'script'
    ? forScript(plan, secrets, dirname(plan.source.file))
    : { PERF_K6_ENV: JSON.stringify(plan.env), PERF_K6_SECRETS: JSON.stringify(secrets) }),
})
