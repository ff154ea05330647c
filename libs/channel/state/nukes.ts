/** What a nuke has done, as long as it can be taken back. */
export type Nuke = {
  readonly id: string
  readonly messageSeqs: readonly number[]
  readonly members: readonly string[]
  readonly until: number | null
}

/** Nukes that can be taken back, the latest last. */
export const keptNukes = 20

export const rememberNuke = (nukes: readonly Nuke[], nuke: Nuke): readonly Nuke[] => [...nukes, nuke].slice(-keptNukes)
