/** Finds the browser that tests look at pages with. */
import { existsSync } from 'node:fs'
import { findProgram } from './programs.ts'

const elsewhere = ['/snap/bin/chromium', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']
const named = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map((name) => findProgram(name))

/** Path of a Chromium, or undefined: CHROMIUM of the environment before those that are installed. */
export const chromiumPath = [process.env.CHROMIUM, ...named, ...elsewhere].find((path) => path !== undefined && existsSync(path))
