/** What people who guess know of somebody. */
export type OwnNames = {
  readonly handle: string | null
  readonly displayName: string | null
  readonly email: string | null
}

const maxWords = 40

/** Shorter ones are in too many good passwords. */
const minCharacters = 3

/** The words of somebody's own and of the platform, whole and in their parts, in lower case. */
export const ownWords = ({ handle, displayName, email }: OwnNames, publicUrl: string): readonly string[] => {
  const whole = [handle, displayName, email, 'whiply', new URL(publicUrl).hostname].filter((word) => word !== null)
  const parts = whole.flatMap((word) => word.split(/[^\p{L}\p{N}]+/u))
  const words = [...whole, ...parts].map((word) => word.toLowerCase())
  return [...new Set(words)].filter((word) => word.length >= minCharacters).slice(0, maxWords)
}
