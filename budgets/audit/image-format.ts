/** Large PNG and JPEG images where browsers have taken WebP (since 2020) and AVIF (since 2024) for long. */
import type { Asset } from '../../runner/audit/visit.ts'
import { absent, type Check, fine, found } from './finding.ts'
import { shareShown } from './image-pixels.ts'
import { isAnswered, isOrAre, size } from './words.ts'

const least = 8192 // bytes of gain for one image; Lighthouse draws the line here, too

/** Shares that WebP saves, by Google's comparisons: at equal SSIM for JPEG, without loss and on average for PNG. */
const saves: Readonly<Record<string, { readonly low: number; readonly high: number }>> = { jpg: { low: 0.25, high: 0.34 }, png: { low: 0.26, high: 0.26 } }

type Old = { readonly asset: Asset; readonly format: string; readonly low: number; readonly high: number }

const gainOf = (asset: Asset): Old[] => {
  const { image, sent } = asset.exchange.body
  const share = image === undefined ? undefined : saves[image.format]
  if (image === undefined || share === undefined || !isAnswered(asset.exchange)) return []
  if (asset.references.some((reference) => reference.role === 'image' && reference.hasModernFormat)) return []
  // What an image is too large for its place is no gain of the format.
  const needed = sent * shareShown(asset, image)
  return [{ asset, format: image.format, low: needed * share.low, high: needed * share.high }]
}

export const imageFormat: Check = {
  name: 'image-format',
  look: ({ assets }) => {
    if (!assets.some(({ exchange }) => exchange.body.image !== undefined)) return absent
    const old = assets
      .flatMap(gainOf)
      .filter(({ high }) => high >= least)
      .toSorted((a, b) => b.high - a.high)
    if (old.length === 0) return fine('no large image in an old format')
    return found({
      severity: 'warning',
      title: `${isOrAre(old.length, 'large image')} sent as ${[...new Set(old.map(({ format }) => (format === 'jpg' ? 'JPEG' : 'PNG')))].join(' and ')}, with neither WebP nor AVIF beside it.`,
      evidence: old.map(({ asset }) => ({
        url: asset.exchange.url,
        shows: `${size(asset.exchange.body.sent)}, ${asset.exchange.body.image?.width} × ${asset.exchange.body.image?.height} pixels`,
        bytes: asset.exchange.body.sent,
      })),
      gain: {
        kind: 'bytes',
        low: old.reduce((sum, each) => sum + each.low, 0),
        high: old.reduce((sum, each) => sum + each.high, 0),
        because:
          "less on a first visit, by Google's comparisons (WebP against JPEG 25–34 %, against PNG 26 % on average); these images were not converted here",
      },
      fix: [
        { where: 'anywhere', lines: ['cwebp -q 80 photo.jpg -o photo.webp', 'cwebp -lossless drawing.png -o drawing.webp'] },
        {
          where: 'markup',
          lines: [
            '<picture><source srcset="photo.avif" type="image/avif">',
            '<source srcset="photo.webp" type="image/webp">',
            '<img src="photo.jpg" …></picture>',
          ],
        },
      ],
    })
  },
}
