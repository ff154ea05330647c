import { z } from 'zod'

/** The answer while nothing is known yet. */
export const Pending = z
  .strictObject({
    commandId: z.uuidv7(),
    status: z.literal('pending'),
  })
  .meta({ id: 'PendingCommand' })

/** How a route documents that answer. */
export const pendingResponse = {
  202: {
    description: 'The command is sent, but its outcome was not seen within 10 s. It will not be lost.',
    body: Pending,
    headers: { Location: 'Where its outcome can be asked for' },
  },
} as const

/** The answer itself; `query` is what the address needs besides, `?account=7` say. */
export const pendingReply = (commandId: string, query = '') =>
  ({
    status: 202,
    headers: { Location: `/v1/commands/${commandId}${query}` },
    body: { commandId, status: 'pending' },
  }) as const
