import { z } from 'zod'
import { Timestamp } from '#libs/http/ids.ts'
import { OneTimeSecret } from './schemas.ts'

/** Six digits of an app, or a recovery code. */
export const FactorCode = z
  .string()
  .trim()
  .min(6)
  .max(40)
  .meta({ description: 'Six digits of the app, or a recovery code', examples: ['492039'] })

export const Challenge = OneTimeSecret.meta({ description: 'As the answer to the password had it' })

export const SecondFactorAsked = z
  .strictObject({
    challenge: Challenge,
    factors: z.array(z.enum(['totp', 'recovery_code'])).meta({ examples: [['totp', 'recovery_code']] }),
    expiresInSeconds: z.int().meta({ examples: [300] }),
  })
  .meta({ id: 'SecondFactorAsked' })

const Base64Url = z.string().regex(/^[A-Za-z0-9_-]+$/, 'is base64url')

const credential = {
  id: Base64Url.max(1400),
  rawId: Base64Url.max(1400),
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
}

const transports = z.array(z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'])).max(10)

const made = z.object({
  clientDataJSON: Base64Url,
  attestationObject: Base64Url,
  transports: transports.optional().catch([]),
})

/** `RegistrationResponseJSON` of WebAuthn Level 3, section 5.1: what `PublicKeyCredential.toJSON()` gives a page. */
export const MadeCredential = z
  .object({ ...credential, response: made })
  .meta({ id: 'MadeCredential', description: 'As `toJSON()` of what `navigator.credentials.create()` resolves with' })

const shown = z.object({
  clientDataJSON: Base64Url,
  authenticatorData: Base64Url,
  signature: Base64Url,
  userHandle: Base64Url.nullable().optional(),
})

/** `AuthenticationResponseJSON` of WebAuthn Level 3, section 5.1. */
export const ShownCredential = z
  .object({ ...credential, response: shown })
  .meta({ id: 'ShownCredential', description: 'As `toJSON()` of what `navigator.credentials.get()` resolves with' })

/** For `PublicKeyCredential.parseCreationOptionsFromJSON()` or `parseRequestOptionsFromJSON()`. */
export const CeremonyOptions = z
  .record(z.string(), z.unknown())
  .meta({ description: 'For the browser, as it takes them from JSON; the challenge is good once, for five minutes' })

export const ListedPasskey = z
  .strictObject({
    id: z.uuid(),
    name: z.string().meta({ examples: ['my phone'] }),
    createdAt: Timestamp,
    lastUsedAt: Timestamp.nullable(),
  })
  .meta({ id: 'Passkey' })

export const FactorList = z
  .strictObject({
    password: z.boolean(),
    totp: z.boolean().meta({ description: 'Whether a login by password asks for a code' }),
    recoveryCodesLeft: z.int(),
    passkeys: z.array(ListedPasskey),
  })
  .meta({ id: 'Factors' })

export const RecoveryCodeList = z
  .array(z.string())
  .meta({ description: 'Shown this once; each is good once', examples: [['k4m2xq-9wtz7b-hh3pfd-r8yc5n']] })
