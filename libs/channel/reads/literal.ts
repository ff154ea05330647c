import { literally } from '#libs/postgres/like.ts'

/** A pattern of `like` for a part of a text, in which `%` and `_` stand for themselves. */
export const literal = (part: string): string => `%${literally(part)}%`
