import { z } from 'zod'

/** Why something is done: of every act of a moderator. */
export const reasonSchema = z.string().min(1).max(4096).optional().describe('For the log of the moderators')
