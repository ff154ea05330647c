/** All samples of a phase, none dropped, so percentiles are exact. Milliseconds. */
export type Samples = {
  readonly add: (ms: number) => void
  readonly count: () => number
  /** Nearest-rank percentile; NaN without samples. */
  readonly percentile: (percent: number) => number
  /** Percentiles at the points given, for a plot. */
  readonly curve: (percents: readonly number[]) => readonly { readonly percent: number; readonly ms: number }[]
}

export const createSamples = (): Samples => {
  let values = new Float64Array(1 << 16)
  let length = 0
  let sorted = false
  const sort = () => {
    if (!sorted) values.subarray(0, length).sort()
    sorted = true
  }
  const percentile = (percent: number): number => {
    sort()
    return values[Math.max(0, Math.ceil((percent / 100) * length) - 1)] ?? Number.NaN
  }
  return {
    add: (ms) => {
      if (length === values.length) {
        const larger = new Float64Array(values.length * 2)
        larger.set(values)
        values = larger
      }
      values[length++] = ms
      sorted = false
    },
    count: () => length,
    percentile: (percent) => (length === 0 ? Number.NaN : percentile(percent)),
    curve: (percents) => percents.map((percent) => ({ percent, ms: percentile(percent) })),
  }
}
