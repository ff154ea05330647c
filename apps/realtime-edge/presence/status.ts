/** What somebody watches elsewhere, as they say themselves. */
export type Watching = { readonly platform: string; readonly id: string }

/** What somebody who is here says of themselves besides. */
export type Status = { readonly afk?: true; readonly watching?: Watching }

/** By account id; who has nothing to say has no entry. */
export type Statuses = ReadonlyMap<string, Status>

/** A change as a client sends it: what is left out stays. */
export type StatusChange = { readonly afk?: boolean | undefined; readonly watching?: Watching | null | undefined }

/** The status after a change; undefined where nothing is left to say. */
export const changedStatus = (before: Status = {}, { afk, watching }: StatusChange): Status | undefined => {
  const isAway = afk ?? before.afk === true
  const seen = watching === undefined ? before.watching : (watching ?? undefined)
  if (!isAway && !seen) return undefined
  return { ...(isAway && { afk: true as const }), ...(seen && { watching: seen }) }
}

/** Of somebody at two edges: away only where they are at both, watching whatever they watch at either. */
export const jointStatus = (one: Status | undefined, other: Status | undefined): Status | undefined =>
  changedStatus(undefined, {
    afk: one?.afk === true && other?.afk === true,
    watching: one?.watching ?? other?.watching,
  })

export const sameStatus = (one: Status | undefined, other: Status | undefined): boolean =>
  one?.afk === other?.afk &&
  one?.watching?.platform === other?.watching?.platform &&
  one?.watching?.id === other?.watching?.id
