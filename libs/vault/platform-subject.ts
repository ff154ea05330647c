/** By the key of this subject is sealed what is the platform's own; no account has the id, and it is never erased. */
export const platformSubject = '0'
