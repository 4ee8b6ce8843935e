/** Images with more pixels than their place in the markup shows. */
import type { Asset, Image } from '../../runner/audit/visit.ts'
import { percent } from '../figure.ts'
import { absent, type Check, fine, found } from './finding.ts'
import { placeOf, shareShown } from './image-pixels.ts'
import { isAnswered, isOrAre, size } from './words.ts'

const least = 4096 // bytes that are thrown away; less is not worth another file

type Oversized = { readonly asset: Asset; readonly image: Image; readonly low: number; readonly high: number }

const wasteOf = (asset: Asset): Oversized[] => {
  const { image, sent } = asset.exchange.body
  if (image === undefined || !isAnswered(asset.exchange)) return []
  return [{ asset, image, low: sent * (1 - shareShown(asset, image)), high: sent * (1 - shareShown(asset, image, 1)) }]
}

const shown = ({ asset, image }: Oversized): string => {
  const { width = 0, height = 0 } = placeOf(asset, image) ?? {}
  return `${image.format.toUpperCase()} of ${image.width} × ${image.height} pixels (${size(asset.exchange.body.sent)}), shown at ${Math.round(width)} × ${Math.round(height)}`
}

/** Sizes for screens of one and of two device pixels for each CSS pixel. */
const markupFor = ({ asset, image }: Oversized): string[] => {
  const { width = 0, height = 0 } = placeOf(asset, image) ?? {}
  const [wide, high] = [Math.round(width), Math.round(height)]
  return [
    `Make it ${2 * wide} × ${2 * high}, or offer sizes:`,
    `<img src="${new URL(asset.url).pathname}"`,
    `  srcset="small.webp ${wide}w, large.webp ${2 * wide}w"`,
    `  sizes="${wide}px" width="${wide}" height="${high}">`,
  ]
}

export const imageDimensions: Check = {
  name: 'image-dimensions',
  look: ({ assets }) => {
    const images = assets.flatMap(wasteOf)
    const oversized = images.filter(({ low }) => low >= least).toSorted((a, b) => b.low - a.low)
    if (images.length === 0) return absent
    if (oversized.length === 0) {
      const placed = images.filter(({ asset, image }) => placeOf(asset, image) !== undefined).length
      return placed === 0
        ? { state: 'unknown', because: 'image sizes: the markup gives no width and height' }
        : fine(`${isOrAre(placed, 'image')} no larger than shown`)
    }
    const [low, high] = [oversized.reduce((sum, each) => sum + each.low, 0), oversized.reduce((sum, each) => sum + each.high, 0)]
    const hidden = Math.min(...oversized.map(({ asset, image }) => 1 - shareShown(asset, image)))
    return found({
      severity: 'warning',
      title: `${isOrAre(oversized.length, 'image')} larger than any screen shows: at least ${percent(hidden, 2)} of the pixels are thrown away.`,
      evidence: oversized.map((each) => ({ url: each.asset.exchange.url, shows: shown(each), bytes: each.asset.exchange.body.sent })),
      gain: { kind: 'bytes', low, high, because: 'less on a first visit, if bytes shrink as pixels do: for screens of 2 and of 1 device pixels per CSS pixel' },
      fix: [
        {
          where: 'markup',
          lines: oversized.slice(0, 1).flatMap(markupFor),
        },
      ],
    })
  },
}
