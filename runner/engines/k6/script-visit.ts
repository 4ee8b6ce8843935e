/** Runs inside k6: the iteration of a script under way. One at a time runs in a virtual user. */
import type { Visit } from './request-recorder.ts'

export const visit: Visit = { lag: 0, isFirst: false, isUnavailable: false, isMeasured: true, isTold: false }
