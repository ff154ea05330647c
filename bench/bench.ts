export type BenchOptions = {
  readonly say: (line: string) => void
  /** Length of the measured part of each phase. */
  readonly seconds: number | undefined
  readonly warmUpSeconds: number | undefined
  readonly clients: number | undefined
  /** Parts of the bench that are run, where not all are; of those that have parts. */
  readonly only: readonly string[] | undefined
  /** Where to write a plot (SVG). */
  readonly plot: string | undefined
}

type Figure = number | boolean | string | { readonly [name: string]: Figure }

export type BenchResult = {
  /** Fields named after what they count and their unit. */
  readonly figures: Readonly<Record<string, Figure>>
  /** What makes the figures worthless: something lost, a projector that lags. */
  readonly failed: boolean
}

export type Bench = {
  readonly name: string
  readonly summary: string
  readonly run: (options: BenchOptions) => Promise<BenchResult>
}
