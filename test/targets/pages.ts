/** Pages whose figures in a browser are known: how long the server waits, how long its script computes, how far its content moves. */
import { serve, type Target } from './target.ts'

/** A picture that a browser takes for content: of noise, because one of few bits for each pixel counts as background. */
const picture = (width: number, height: number): Buffer => {
  const head = 54
  const bitmap = Buffer.alloc(head + width * height * 3)
  bitmap.write('BM')
  bitmap.writeUInt32LE(bitmap.length, 2)
  bitmap.writeUInt32LE(head, 10)
  bitmap.writeUInt32LE(40, 14)
  bitmap.writeInt32LE(width, 18)
  bitmap.writeInt32LE(height, 22)
  bitmap.writeUInt16LE(1, 26)
  bitmap.writeUInt16LE(24, 28)
  for (let at = head, noise = 1; at < bitmap.length; at++) {
    noise = (noise * 48271) % 2147483647
    bitmap[at] = noise & 255
  }
  return bitmap
}

/** Times in milliseconds, bytes without heads. In a window of 1280 × 800. */
const truth = {
  /** Before the document, and before its picture, which is asked for after it. */
  ...{ documentDelay: 200, pictureDelay: 300 },
  /** Long tasks after the first paint: 180 and 90. */
  totalBlockingTime: 130 + 40,
  /** A block of 1280 × 400 moves by 100: it touches 500 of 800 rows, and goes 100 of the longer side's 1280. */
  cumulativeLayoutShift: (500 / 800) * (100 / 1280),
  clickTakes: 120,
  bytes: { script: 50_000, style: 10_000, image: 400 * 300 * 3 + 54, other: 5000 },
  /** An error that is logged, and one that nobody catches. */
  consoleErrors: 2,
  /** A picture that is not there. */
  failedRequests: 1,
} as const

const document = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Known</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css"><script src="/script.js" defer></script></head>
<body><div id="late"></div><main><p>A page whose figures are known.</p><button id="button">Compute</button>
<img src="/picture.bmp" width="400" height="300" alt=""></main>
<img src="/missing.png" width="1" height="1" alt=""><img src="http://elsewhere.invalid/a.png" width="1" height="1" alt=""><img src="http://192.0.2.1/a.png" width="1" height="1" alt=""></body></html>`

const script = `
const compute = (time) => { const end = performance.now() + time; while (performance.now() < end); }
document.querySelector('#button').addEventListener('click', () => compute(${truth.clickTakes}))
// What of the style is not there yet would move things by itself.
addEventListener('load', () => {
  requestAnimationFrame(() => setTimeout(() => {
    compute(180)
    setTimeout(() => {
      compute(90)
      const end = performance.now()
      document.querySelector('#late').style.height = '100px'
      fetch('/other.json?end=' + end)
      console.error('logged')
      setTimeout(() => { throw new Error('uncaught') })
    }, 100)
  }, 100))
})
`
const style = 'body { margin: 0 } main { width: 1280px; height: 400px; overflow: hidden; background: #ccd }'

const padded = (text: string, length: number, comment: readonly [string, string]): string =>
  `${text}${comment[0]}${'x'.repeat(length - text.length - comment[0].length - comment[1].length)}${comment[1]}`

const assets: Readonly<Record<string, readonly [type: string, body: string | Buffer]>> = {
  '/script.js': ['text/javascript', padded(script, truth.bytes.script, ['/*', '*/'])],
  '/style.css': ['text/css', padded(style, truth.bytes.style, ['/*', '*/'])],
  '/picture.bmp': ['image/bmp', picture(400, 300)],
  '/other.json': ['application/json', padded('', truth.bytes.other, ['"', '"'])],
}

/**
 * `/page`: as {@link truth} says · `/heavy`: gives 503 · `/silent`: never answers · `/restless`: has three requests under way at all times.
 */
export const startPages = async (): Promise<
  Target & {
    readonly truth: typeof truth
    /** Of each visit of `/page`, when its last long task ended, on its own clock. */
    readonly lastTasks: readonly number[]
    readonly userAgents: ReadonlySet<string>
  }
> => {
  const lastTasks: number[] = []
  const userAgents = new Set<string>()
  const target = await serve(({ url = '/', headers }, response) => {
    userAgents.add(headers['user-agent'] ?? '')
    const { pathname, searchParams } = new URL(url, 'http://host')
    const end = searchParams.get('end')
    if (end !== null) lastTasks.push(Number(end))
    const html = (text: string): void => void response.writeHead(200, { 'content-type': 'text/html' }).end(text)
    const asset = assets[pathname]
    if (pathname === '/page') setTimeout(html, truth.documentDelay, document)
    else if (pathname === '/heavy') response.writeHead(503, { 'content-type': 'text/html' }).end('<p>Too many are here.</p>')
    else if (pathname === '/restless') html(`<p>Restless</p><script>for (const n of [1, 2, 3]) fetch('/silent?' + n)</script>`)
    else if (pathname === '/silent') return
    else if (asset === undefined) response.writeHead(404).end()
    else setTimeout(() => response.writeHead(200, { 'content-type': asset[0] }).end(asset[1]), pathname === '/picture.bmp' ? truth.pictureDelay : 0)
  })
  return { ...target, truth, lastTasks, userAgents }
}
