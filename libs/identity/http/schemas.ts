import { z } from 'zod'
import { platformRoles } from '#libs/access/platform.ts'
import { NumericId, Position, Timestamp, Uuidv7 } from '#libs/http/ids.ts'

export const Handle = z
  .string()
  .regex(/^[A-Za-z0-9_]{3,25}$/, 'is 3 to 25 of A-Z, a-z, 0-9 and _')
  .meta({ description: 'Nick, login and slug at once; unique without case', examples: ['ada_l'] })

/** One that is chosen now; one that is only checked may be anything. */
export const NewPassword = z
  .string()
  .min(8, 'has at least 8 characters')
  .max(256, 'has at most 256 characters')
  .meta({ format: 'password', description: 'Any characters; one that would be guessed soon is refused' })

export const GivenPassword = z.string().min(1).max(256).meta({ format: 'password' })

/** Of who is logged in already. */
export const OwnPassword = GivenPassword.optional().meta({
  description: 'Left out by who has none, but passkeys',
  format: 'password',
})

export const Email = z.email().max(254)

/** What stands in the link of a mail. */
export const OneTimeSecret = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'is what the link in the mail ends with')

/** In one normal form; whether it is fit to be shown the rules of the account decide. */
export const DisplayName = z.string().min(1).max(100).trim().normalize('NFC')

export const Registration = z.strictObject({
  handle: Handle,
  password: NewPassword,
  displayName: DisplayName.optional().meta({ description: 'Shown beside messages; the handle where absent' }),
  email: Email.optional().meta({ description: 'For mail from the platform; never shown' }),
  termsVersion: z
    .string()
    .max(40)
    .optional()
    .meta({ description: 'The version of the terms that was shown and accepted, where the platform has terms' }),
  invitation: OneTimeSecret.optional().meta({ description: 'Where registering takes an invitation' }),
})

export const Credentials = z.strictObject({ handle: Handle, password: GivenPassword })

export const Account = z
  .strictObject({
    id: NumericId,
    handle: z.string(),
    displayName: z.string(),
    colour: z.string().nullable().meta({ description: 'Of the name, #rrggbb' }),
    bio: z.string().nullable(),
    avatar: z
      .string()
      .nullable()
      .meta({ description: 'Where the picture is: behind it one of `/64`, `/128` and `/256`' }),
    platformRole: z.enum(platformRoles),
    createdAt: Timestamp,
  })
  .meta({ id: 'Account' })

export const OwnAccount = Account.extend({
  email: z.string().nullable(),
  emailVerified: z.boolean(),
  termsVersion: z.string().nullable().meta({ description: 'The version of the terms that was accepted last' }),
  eraseAt: Timestamp.nullable().meta({ description: 'When it is erased, unless that is cancelled' }),
}).meta({
  id: 'OwnAccount',
})

export const Opened = z
  .strictObject({
    commandId: Uuidv7,
    account: z.strictObject({ id: NumericId, handle: z.string(), displayName: z.string() }),
    position: Position,
  })
  .meta({ id: 'AccountOpened' })

export const LoggedIn = z
  .strictObject({
    accessToken: z
      .string()
      .meta({ description: 'For `Authorization: Bearer`, and the `auth` frame of the live socket' }),
    expiresInSeconds: z.int(),
    mustChangePassword: z.boolean().meta({ description: 'Until it is changed the token opens nothing else' }),
    csrfToken: z.string().meta({ description: 'For `X-CSRF-Token`, where a page writes by its cookie' }),
    account: z.strictObject({ id: NumericId, handle: z.string(), name: z.string() }),
  })
  .meta({ id: 'LoggedIn' })

export const Erasure = z
  .strictObject({
    accountId: NumericId,
    position: Position,
    eraseAt: Timestamp.meta({ description: 'When it is erased; until then that can be cancelled' }),
    unreadable: z
      .array(z.string())
      .meta({ description: 'What nobody can read any more from then on, or is there no more' }),
    kept: z.array(z.strictObject({ what: z.string(), why: z.string() })).meta({ description: 'What stays, and why' }),
    remaining: z
      .array(z.strictObject({ where: z.string(), what: z.string(), until: Timestamp }))
      .meta({ description: 'Copies that are still there, and when the last of each has aged out' }),
  })
  .meta({ id: 'Erasure' })
