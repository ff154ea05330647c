/** So many characters of a password are scored: what is as long as that is strong, or its beginning is weak. */
export const maxScored = 64

/** What the thread is asked. */
export type Asked = { readonly id: number; readonly password: string; readonly words: readonly string[] }

/** What it says once it has its words. */
export const ready = 'ready'

/** What it says then: how many guesses it takes, and what would make it better, in English. */
export type Scored = { readonly id: number; readonly guesses: number; readonly hint: string }
