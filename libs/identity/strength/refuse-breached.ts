import type { Breaches } from './breaches.ts'
import type { PasswordStrength } from './strength.ts'

const reason = 'It became known when another service was broken into, so it is among the first that are tried.'

/** Asks whether a password became known elsewhere, of those that are strong by themselves. */
export const refuseBreached = (strength: PasswordStrength, breaches: Breaches): PasswordStrength => ({
  ...strength,
  weakness: async (password, words) =>
    (await strength.weakness(password, words)) ?? ((await breaches.has(password)) ? reason : undefined),
})
