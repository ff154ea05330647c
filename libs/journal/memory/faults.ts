/**
 * What may befall an append, as data:
 *
 * | fault | written | the caller sees |
 * |---|---|---|
 * | `lost` | never | a timeout |
 * | `unanswered` | at once | a timeout |
 * | `late` | when the test releases it | a timeout |
 * | `doubled` | twice | the first offset |
 * | `rejected` | never | an error |
 */
export type AppendFault = 'lost' | 'unanswered' | 'late' | 'doubled' | 'rejected'

/**
 * What may befall a fetch:
 *
 * - `hole`: the first record of the answer is missing
 * - `jump`: the answer begins at the log's end, as a reader that lost its position would get it
 * - `redelivery`: the answer begins up to `REDELIVERED` records before what was asked for
 * - `stall`: no answer this time
 * - `out-of-range`: the broker says that the offset is out of range though it is not
 */
export type FetchFault = 'hole' | 'jump' | 'redelivery' | 'stall' | 'out-of-range'

export const REDELIVERED = 3

/** An append or fetch about to be carried out; `nth` counts those of this client, from 0. */
export type Attempt = { readonly topic: string; readonly partition: number; readonly nth: number }

/** Decides over each attempt of one client; no answer is no fault. Pure functions make a deterministic log. */
export type FaultSchedule = {
  readonly append?: (attempt: Attempt) => AppendFault | undefined
  readonly fetch?: (attempt: Attempt) => FetchFault | undefined
}

/** A schedule from two lists: the nth attempt meets the nth fault; behind the end there are none. */
export const faultsInTurn = (lists: {
  readonly append?: readonly (AppendFault | undefined)[]
  readonly fetch?: readonly (FetchFault | undefined)[]
}): FaultSchedule => ({
  append: ({ nth }) => lists.append?.[nth],
  fetch: ({ nth }) => lists.fetch?.[nth],
})
