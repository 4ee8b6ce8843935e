/** How many of an image's pixels its place in the markup can show. */
import type { Asset, Image } from '../../runner/audit/visit.ts'

const density = 2 // device pixels for each CSS pixel that a good screen has; phones with 3 show no difference

type Place = { readonly width: number; readonly height: number }

/** The largest place that the markup gives it; undefined where one is left to style sheets, or the browser chooses among sizes. */
export const placeOf = ({ references }: Asset, image: Image): Place | undefined => {
  const places: Place[] = []
  for (const reference of references) {
    if (reference.role !== 'image') continue
    const { width = 0, height = 0 } = reference.shownAt
    if (reference.hasSizes || (width === 0 && height === 0)) return undefined
    // Of a place with one measure the other follows from the image.
    places.push({ width: width || (height * image.width) / image.height, height: height || (width * image.height) / image.width })
  }
  return places.toSorted((a, b) => b.width * b.height - a.width * a.height)[0]
}

/** Share of the image's pixels that so many device pixels for each CSS pixel can show, 0–1; 1 where the place is not known. */
export const shareShown = (asset: Asset, image: Image, perPixel = density): number => {
  const place = placeOf(asset, image)
  return place === undefined ? 1 : Math.min(1, (place.width * place.height * perPixel ** 2) / (image.width * image.height))
}
