/** Load shapes of the cases, as code of a scenario. */

/** Seconds before anything goes wrong: 30 readings are needed to know what is normal. */
const before = '34s'

export const stepped = (base, to, hold = '14s') => `step({ base: '${base}/s', to: '${to}/s', before: '${before}', hold: '${hold}' })`
export const held = (rate, duration) => `constant({ rate: '${rate}/s', duration: '${duration}' })`
/** Up, and down again to where it came from. */
export const raised = (base, peak, hold, recovery) =>
  `spike({ base: '${base}/s', peak: '${peak}/s', before: '${before}', rise: '1s', hold: '${hold}', fall: '1s', recovery: '${recovery}' })`
/** Evenly from one rate to another. */
export const climbing = (from, to, duration) => `ramp({ from: '${from}/s', to: '${to}/s', duration: '${duration}' })`
