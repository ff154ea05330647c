import { mayOnPlatform, type PlatformRole } from '#libs/access/platform.ts'
import type { Caller } from '#libs/http/route.ts'

export type StandingOptions = {
  /** By the read model. Rejects while that is away. */
  readonly account: (accountId: string) => Promise<{ readonly platformRole: PlatformRole } | undefined>
  /** What the journal said since this edge reads it, which goes before the read model. */
  readonly roleOf: (accountId: string) => string | undefined
}

/**
 * Whether a token says rightly what its bearer is on the platform: a role that was taken away before this edge began to read
 * the journal is known to the read model alone. Whoever is no staff has no role to lose, and costs no query.
 */
export const standsAsStaff = ({ account, roleOf }: StandingOptions): ((caller: Caller) => Promise<boolean>) => {
  const roleNow = async (accountId: string): Promise<string | undefined> =>
    roleOf(accountId) ?? (await account(accountId))?.platformRole

  return async ({ accountId, platformRole, impersonator }) => {
    if (platformRole !== 'user' && (await roleNow(accountId)) !== platformRole) return false
    return impersonator === undefined || mayOnPlatform(await roleNow(impersonator), 'impersonate')
  }
}

/** What somebody is on the platform, as far as that counts. */
export type StaffRule = (
  who: Pick<Caller, 'platformRole' | 'secondFactor'>,
) => Pick<Caller, 'platformRole' | 'heldBackRole'>

/** Where staff need two factors, whoever has not shown them is as anybody. */
export const staffRule =
  (needsSecondFactor: boolean): StaffRule =>
  ({ platformRole, secondFactor = false }) =>
    needsSecondFactor && !secondFactor ? { platformRole: 'user', heldBackRole: platformRole } : { platformRole }
