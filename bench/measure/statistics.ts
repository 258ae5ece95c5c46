/** The middle one; of an even number the mean of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2
}

/** The smallest value that is not below `share` of them: `quantile(times, 0.99)` is the p99. NaN of none. */
export function quantile(values: Float64Array | readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

/**
 * Whose turn it is, `rounds` times there and back: `a b c c b a a b c …`. What drifts while all of it runs then
 * weighs as much on the first as on the last.
 */
export function interleaved<T>(contestants: readonly T[], rounds: number): T[] {
  return Array.from({ length: rounds }, (_, round) =>
    round % 2 === 0 ? contestants : contestants.toReversed(),
  ).flat()
}
