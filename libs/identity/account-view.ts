import type { PlatformRole } from '#libs/access/platform.ts'

/** An account as its read model has it; texts are gone where it is erased. */
export type AccountView = {
  readonly accountId: string
  readonly state: 'open' | 'deactivated' | 'erased'
  readonly handle: string | null
  readonly displayName: string | null
  readonly email: string | null
  /** Whether mail to it has arrived. */
  readonly emailVerified: boolean
  /** How many addresses of the account were confirmed. */
  readonly emailRevision: number
  readonly platformRole: PlatformRole
  readonly colour: string | null
  readonly bio: string | null
  /** Name of the image in the object store. */
  readonly avatar: string | null
  /** The version of the terms that was accepted last. */
  readonly termsVersion: string | null
  readonly handleKey: string | null
  readonly handleChangedAt: number | null
  readonly eraseAt: number | null
  readonly openedAt: number
}
