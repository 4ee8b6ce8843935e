/** Preload (`node --import`): tells on stderr, in lines `loaded PATH`, each file that is loaded as a module. */
import { register } from 'node:module'

// Hooks run in a thread of their own, where console writes arrive late or never; this writes at once.
const hooks = `export const load = (url, context, next) => {
  if (url.startsWith('file:')) process._rawDebug('loaded ' + decodeURIComponent(new URL(url).pathname))
  return next(url, context)
}`
register(`data:text/javascript,${encodeURIComponent(hooks)}`)
