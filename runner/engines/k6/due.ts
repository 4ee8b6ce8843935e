/**
 * When an arrival is due on k6's clock. Runs inside k6 at every arrival, so it keeps its place in the shape: a user's arrivals only rise.
 *
 * k6 starts tick j (1, 2 …) when its rate curve has covered the area j, ours starts arrival n (0, 1 …) at area n + ½. So k6's curve begins
 * with a lead of 1 ms that covers ½: tick n + 1 then falls on arrival n, one millisecond later than in the shape.
 */
import { dueAt, type Segment, type Shape, totalArrivals } from '../../../scenarios/shape.ts'

/** Milliseconds that k6's curve runs before the shape begins. */
export const lead = 1

type Piece = { readonly segment: Segment; readonly start: number; readonly areaBefore: number; readonly areaAfter: number; readonly alone: Shape }

const piecesOf = (shape: Shape): Piece[] => {
  let start = 0
  let areaBefore = 0
  return shape.segments.map((segment) => {
    const alone: Shape = { ...shape, segments: [segment] }
    const piece = { segment, start, areaBefore, areaAfter: areaBefore + totalArrivals(alone), alone }
    start += segment.duration
    areaBefore = piece.areaAfter
    return piece
  })
}

/** Milliseconds after the scenario's start at which arrival n is due, for rising n; a lower n is found too, only slower. */
export const dueTimes = (shape: Shape): ((n: number) => number) => {
  const pieces = piecesOf(shape)
  let at = 0
  return (n) => {
    const area = n + 0.5
    if (area < (pieces[at]?.areaBefore ?? 0)) at = 0
    while (at < pieces.length - 1 && area > (pieces[at] as Piece).areaAfter) at += 1
    const piece = pieces[at]
    if (piece === undefined) return lead
    const { segment, start, areaBefore } = piece
    const within = Math.min(area, piece.areaAfter) - areaBefore
    if (segment.kind === 'decay') return lead + 1000 * (start + dueAt(piece.alone, within - 0.5))
    if (segment.from === segment.to && segment.from > 0) return lead + 1000 * (start + within / segment.from)
    const slope = (segment.to - segment.from) / segment.duration
    const divisor = segment.from + Math.sqrt(Math.max(0, segment.from * segment.from + 2 * slope * within))
    return lead + 1000 * (start + (divisor === 0 ? 0 : (2 * within) / divisor))
  }
}
