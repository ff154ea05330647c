import type { AccountId } from './vault.ts'

/** By this subject's key is sealed what is the platform's own; no account has it, and it is never erased. */
export const platformSubject: AccountId = '0'
