/** Medians over rounds: one disturbed round of three moves them nowhere. */

export const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return Number.isInteger(middle) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[Math.floor(middle)]
}

/** The median of each number that the rounds of a variant have. */
export const medianOf = (rows) =>
  Object.fromEntries(
    Object.keys(rows[0] ?? {})
      .filter((field) => rows.every((row) => typeof row[field] === 'number'))
      .map((field) => [field, median(rows.map((row) => row[field]))]),
  )

/** Median over rounds of one variant's figure divided by another's of the same round; NaN when one wasn't measured. */
export const ratioOf = (measured, field, above, below) =>
  measured[above] && measured[below] ? median(measured[above].map((row, round) => row[field] / measured[below][round][field])) : Number.NaN

/** Median over rounds; NaN when it wasn't measured. */
export const figureOf = (measured, variant, field) => (measured[variant] ? median(measured[variant].map((row) => row[field])) : Number.NaN)
