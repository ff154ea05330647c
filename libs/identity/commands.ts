import type { IdentityCommand } from '#libs/contracts/generated/identity.ts'

export type { IdentityCommand }

/** The command of that type. */
export type IdentityCommandOf<Type extends IdentityCommand['type']> = Extract<IdentityCommand, { type: Type }>
