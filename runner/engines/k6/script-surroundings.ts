/**
 * Runs inside k6 before an existing script loads. The script is bundled into a folder of ours and runs unchanged, so relative paths of
 * `open` have to start where the script lies.
 */

declare const __ENV: Record<string, string | undefined>
type Open = (path: string, mode?: string) => unknown
const surroundings = globalThis as unknown as { open: Open }

const { PERF_K6_SCRIPT_FOLDER: folder = '', PERF_TARGET = '' } = __ENV

/** The run's target. */
export const target: string = PERF_TARGET

// Only there while the script loads, as k6 has it.
const { open } = surroundings
if (typeof open === 'function')
  surroundings.open = (path, mode) => {
    const absolute = /^([a-zA-Z][a-zA-Z0-9+.-]*:)?\//.test(path) ? path : `${folder}/${path}`
    return mode === undefined ? open(absolute) : open(absolute, mode)
  }
