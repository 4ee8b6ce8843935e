/** What a page's markup asks for, and in which words. Style sheets and scripts may ask for more; they are not read. */
import { Parser } from 'htmlparser2'
import type { Markup, Reference } from './visit.ts'

type Attributes = Readonly<Record<string, string>>

/** Browsers load nothing in there while scripts are on. */
const asleep = new Set(['noscript', 'template'])
const scriptTypes = /^(|module|text\/javascript|application\/javascript|application\/ecmascript|text\/ecmascript)$/
const modern = /\.(webp|avif)(\?|$|\s)|image\/(webp|avif)/i

const isScript = ({ type = '' }: Attributes): boolean => scriptTypes.test(type.trim().toLowerCase())

/** Whole CSS pixels; a percentage or nothing says no size. */
const pixels = (text: string | undefined): number | undefined => (text !== undefined && /^\s*\d+(px)?\s*$/.test(text) ? Number.parseInt(text, 10) : undefined)

const sizesIn = ({ width, height }: Attributes): { width?: number; height?: number } => {
  const [wide, high] = [pixels(width), pixels(height)]
  return { ...(wide !== undefined && { width: wide }), ...(high !== undefined && { height: high }) }
}

const linkRole = ({ rel = '', as = '' }: Attributes): 'style' | 'icon' | 'preload' | undefined => {
  const words = rel.toLowerCase().split(/\s+/)
  if (words.includes('alternate')) return undefined // loaded when somebody chooses it
  if (words.includes('stylesheet')) return 'style'
  if (words.includes('icon')) return 'icon'
  return words.includes('modulepreload') || (words.includes('preload') && as !== '') ? 'preload' : undefined
}

/** Gathers references while the parser walks the page. */
class Reader {
  readonly references: Reference[] = []
  inlineScript = 0
  policy: string | null = null
  #base: URL
  #open: string[] = []
  #picture = ''
  #isInScript = false

  constructor(page: URL) {
    this.#base = page
  }

  #resolve(text: string | undefined): string | undefined {
    if (text === undefined || text.trim() === '' || !URL.canParse(text.trim(), this.#base.href)) return undefined
    const url = new URL(text.trim(), this.#base)
    url.hash = ''
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined
  }

  #add(text: string | undefined, of: (url: string) => Reference): void {
    const url = this.#resolve(text)
    if (url !== undefined) this.references.push(of(url))
  }

  #isAsleep(): boolean {
    return this.#open.some((name) => asleep.has(name))
  }

  #addScript(attributes: Attributes): void {
    if (!isScript(attributes) || 'nomodule' in attributes) return
    this.#isInScript = true
    const waits = 'async' in attributes || 'defer' in attributes || attributes.type?.trim().toLowerCase() === 'module'
    this.#add(attributes.src, (url) => ({ role: 'script', url, isBlocking: !waits && this.#open.includes('head') }))
  }

  #addImage(attributes: Attributes): void {
    const offers = `${this.#picture} ${attributes.srcset ?? ''}`
    this.#add(attributes.src, (url) => ({
      role: 'image',
      url,
      shownAt: sizesIn(attributes),
      hasSizes: /\S/.test(offers),
      hasModernFormat: modern.test(offers),
    }))
  }

  onopentag(name: string, attributes: Attributes): void {
    if (name === 'base' && URL.canParse(attributes.href ?? '', this.#base.href)) this.#base = new URL(attributes.href ?? '', this.#base)
    if (!this.#isAsleep()) this.#read(name, attributes)
    this.#open.push(name)
  }

  #read(name: string, attributes: Attributes): void {
    if (name === 'script') this.#addScript(attributes)
    else if (name === 'img' || (name === 'input' && attributes.type === 'image')) this.#addImage(attributes)
    else if (name === 'picture') this.#picture = ''
    else if (name === 'source' && this.#open.includes('picture')) this.#picture += ` ${attributes.type ?? ''} ${attributes.srcset ?? ''}`
    else if (name === 'meta' && attributes['http-equiv']?.toLowerCase() === 'content-security-policy') this.policy = attributes.content ?? null
    else if (name === 'link') {
      const role = linkRole(attributes)
      if (role !== undefined) this.#add(attributes.href, (url) => ({ role, url }))
    }
  }

  ontext(text: string): void {
    if (this.#isInScript) this.inlineScript += Buffer.byteLength(text)
  }

  onclosetag(name: string): void {
    if (name === 'picture') this.#picture = ''
    if (name === 'script') this.#isInScript = false
    const at = this.#open.lastIndexOf(name)
    if (at >= 0) this.#open.splice(at)
  }
}

/** @param page what relative addresses are relative to */
export const readMarkup = (text: string, page: URL): Markup => {
  const reader = new Reader(page)
  const parser = new Parser({
    onopentag: (name, attributes) => reader.onopentag(name, attributes),
    ontext: (part) => reader.ontext(part),
    onclosetag: (name) => reader.onclosetag(name),
  })
  parser.end(text)
  return { references: reader.references, inlineScript: reader.inlineScript, policy: reader.policy }
}
