/** A page towards the past (`before` a number, or the last ones), or towards the present (`after` a number). */
export type PageAsked = {
  readonly before?: number | undefined
  readonly after?: number | undefined
  readonly limit: number
}
