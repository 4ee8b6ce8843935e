/** Finds an installed Chromium, starts it within its reach, and keeps account of the CPU it takes. */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Browser, CDPSession } from 'playwright-core'
import { packageFor } from '../../optional-package.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'] as const
const elsewhere = [
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
] as const

const isProgram = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** @throws {Error} that says what was looked for, and what to do */
export const chromiumAt = (given: string | undefined, path = process.env.PATH ?? ''): string => {
  if (given !== undefined) {
    if (isProgram(given)) return given
    throw new Error(`there is no program at ${given}, which "executable" names: say the path of a Chromium`)
  }
  const onPath = path.split(delimiter).flatMap((folder) => (folder === '' ? [] : names.map((name) => join(folder, name))))
  const found = [...onPath, ...elsewhere].find(isProgram)
  if (found !== undefined) return found
  throw new Error(`no browser was found on the PATH (${names.join(', ')}): install Chromium (apt-get install chromium), or say its path as "executable"`)
}

/** Whether one would be found without being named. */
export const hasChromium = (): boolean => {
  try {
    chromiumAt(undefined)
    return true
  } catch {
    return false
  }
}

export type Launch = {
  readonly executable: string | undefined
  /** Undefined: unless this is root, for whom Chromium has none. */
  readonly sandbox: boolean | undefined
  readonly flags: readonly string[]
}

export class Chromium {
  /** Seconds of CPU by process, as last told: those of a process that has ended stay. */
  readonly #cpu = new Map<number, number>()

  private constructor(
    readonly browser: Browser,
    private readonly session: CDPSession,
    /** As it names itself to servers. */
    readonly userAgent: string,
    /** @example 'Chrome 140.0.7339.16' */
    readonly version: string,
  ) {}

  /** @throws {Error} when there is no package, no browser, or it does not start */
  static async launch({ executable, sandbox, flags }: Launch): Promise<Chromium> {
    const { chromium } = await packageFor('a browser', 'playwright-core', () => import('playwright-core'))
    const browser = await chromium.launch({
      executablePath: chromiumAt(executable),
      chromiumSandbox: sandbox ?? process.getuid?.() !== 0,
      args: [...flags, '--disable-gpu'],
      // Ctrl-C ends the load, and the end of the load ends the browser.
      ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
      timeout: 8000, // less than a probe may take to start, so that this reason is told
    })
    const session = await browser.newBrowserCDPSession()
    const { userAgent, product } = await session.send('Browser.getVersion')
    return new Chromium(browser, session, userAgent, product.replace('/', ' ').replace('Headless', ''))
  }

  /** CPU time of all its processes since it began, in seconds. */
  async cpuTime(): Promise<number> {
    const { processInfo } = await this.session.send('SystemInfo.getProcessInfo')
    for (const { id, cpuTime } of processInfo) this.#cpu.set(id, cpuTime)
    return [...this.#cpu.values()].reduce((sum, time) => sum + time, 0)
  }

  async close(): Promise<void> {
    await this.browser.close()
  }
}
