import type { PersonalFile } from '#libs/readmodel/personal-data/file.ts'

/** What an erasure does to all that is kept about a person. */
export type Certificate = {
  /** What nobody can read any more, or is there no more. */
  readonly unreadable: readonly string[]
  /** What stays, and why. */
  readonly kept: readonly { readonly what: string; readonly why: string }[]
}

/** Of the very files of which archives are made, so that nothing is in the one and not in the other. */
export const certificateOf = (files: readonly PersonalFile[]): Certificate => ({
  unreadable: files.flatMap(({ what, atErasure }) => (typeof atErasure === 'string' ? [what] : [])),
  kept: files.flatMap(({ what, atErasure }) => (typeof atErasure === 'string' ? [] : [{ what, why: atErasure.stays }])),
})
