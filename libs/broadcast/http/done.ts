import type { Submitted } from '#libs/http/command.ts'
import { pendingReply } from '#libs/http/pending.ts'

/** The answer to a command of which nothing more is to be said. */
export const doneReply = (commandId: string, submitted: Submitted) =>
  submitted.kind === 'pending'
    ? pendingReply(commandId)
    : ({ status: 200, body: { commandId, position: submitted.position } } as const)
