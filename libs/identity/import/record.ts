import { z } from 'zod'
import { isBcrypt } from '#libs/vault/bcrypt.ts'
import { unfitDisplayName, unfitEmail, unfitHandle } from '../rules/profile.ts'
import { reservedHandle } from '../rules/reserved.ts'

/** An account as another platform had it. */
export type ImportedAccount = {
  readonly handle: string
  readonly email: string | null
  /** bcrypt or argon2; undefined for none: a password comes by mail then. */
  readonly passwordHash: string | undefined
  readonly displayName: string
  readonly createdAt: number | null
}

/** The fields of a record, as columns of CSV or members of a JSON line; all but the handle may be empty or left out. */
export const fields = ['handle', 'email', 'passwordHash', 'displayName', 'created'] as const

const argon2 = /^\$argon2(?:id|i|d)\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d)\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}$/

/** What a login may cost: a hash from elsewhere must not hold a thread for seconds, or a gibibyte. */
const isAffordable = ([, memoryKib, passes, lanes]: RegExpExecArray): boolean =>
  Number(memoryKib) <= 262_144 && Number(passes) >= 1 && Number(passes) <= 16 && Number(lanes) >= 1

const isHash = (text: string): boolean => {
  const match = argon2.exec(text)
  return match ? isAffordable(match) : isBcrypt(text)
}

/** Milliseconds since 1970, or a time as ISO 8601 has it. */
const instantOf = (text: string): number => (/^\d{1,15}$/.test(text) ? Number(text) : Date.parse(text))

const field = z.union([z.string(), z.null()]).optional()

const Form = z.strictObject({
  handle: z.string(),
  email: field,
  passwordHash: field,
  displayName: field,
  created: z.union([z.string(), z.int(), z.null()]).optional(),
})

const orUndefined = (text: string | null | undefined): string | undefined => (text ? text : undefined)

/** The account that a record is of, or why it cannot be taken, in words. */
export const accountOf = (record: unknown, now: number): ImportedAccount | string => {
  const parsed = Form.safeParse(record)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return `${issue?.path.join('.') || 'the record'}: ${issue?.message}`
  }
  const { handle, ...rest } = parsed.data
  const email = orUndefined(rest.email) ?? null
  const displayName = orUndefined(rest.displayName)?.trim().normalize('NFC') ?? handle
  const passwordHash = orUndefined(rest.passwordHash)
  const created = orUndefined(rest.created === undefined || rest.created === null ? '' : String(rest.created))
  const createdAt = created === undefined ? null : instantOf(created)
  const refused =
    unfitHandle(handle) ?? reservedHandle(handle, '') ?? unfitDisplayName(displayName) ?? unfitEmail(email)
  if (refused) return refused.code
  if (email !== null && !z.email().max(254).safeParse(email).success) return 'identity.email_invalid'
  if (passwordHash !== undefined && !isHash(passwordHash))
    return 'passwordHash: neither bcrypt of a cost of 4 to 14, nor argon2 in its PHC form with at most 256 MiB'
  if (createdAt !== null && !(createdAt >= 0 && createdAt <= now)) return 'created: no time that has come'
  return { handle, email, passwordHash, displayName, createdAt }
}
