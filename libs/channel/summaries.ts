import type { Detail } from '#libs/journal/outcome.ts'

/** Of the summary of a message that waits: that it does, and of what kind the rule is that has it wait. */
export const heldIn = ({ held, kind }: Detail) =>
  held === true && { held: true as const, ...(typeof kind === 'string' && { kind }) }

/** Of the summary of a ban that waits for other moderators. */
export const proposalIn = ({ proposal, needed }: Detail) =>
  typeof proposal === 'string' && typeof needed === 'number' && { proposal, needed }
