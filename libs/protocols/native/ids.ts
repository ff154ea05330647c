import { z } from 'zod'

/** An account or channel id: a decimal string below 2^53. */
export const idSchema = z.string().regex(/^[1-9][0-9]{0,15}$/)

/** A command's id, which is a message's id too: UUIDv7 in lower case, minted by the client by the server's time. */
export const commandIdSchema = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
