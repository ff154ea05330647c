import { HttpProblem } from '#libs/http/problem.ts'
import type { Invitation } from '#libs/vault/registrations.ts'
import type { Registered, SharedClaim } from '../claim.ts'
import type { IdentityEdge } from './edge.ts'

type Sent = {
  readonly handle: string
  readonly displayName: string
  readonly email: string | null
  readonly password: string
}

type Edge = Pick<IdentityEdge, 'vault' | 'passwords'>

const registered = (accountId: string, invitation: Invitation | undefined): Registered => ({
  accountId,
  invitedBy: invitation?.accountId ?? null,
})

const fingerprintOf = ({ hashes }: Edge['vault'], { handle, displayName, email }: Sent): string =>
  hashes.fingerprint(JSON.stringify([handle, displayName, email]))

/**
 * Finds what a registration is for that comes again, here or at another edge. The password is compared with what is kept of
 * it, and stands in no fingerprint: of that it could be guessed in no time. Throws `command.id_reused` where something else
 * was sent by that key.
 */
export const joinRegistration = async (
  { vault, passwords }: Edge,
  commandId: string,
  sent: Sent,
): Promise<Registered | undefined> => {
  const { registrations, credentials } = vault
  const known = await registrations.find(commandId)
  if (!known) return undefined
  const credential = await credentials.get(known.accountId)
  if (!credential) {
    // Secrets are there before a registration is told of: this one failed while it was.
    await registrations.drop(known.accountId)
    return undefined
  }
  const isSame = known.fingerprint === fingerprintOf(vault, sent)
  if (!isSame || !(await passwords.verify(credential.passwordHash, sent.password)))
    throw new HttpProblem('command.id_reused')
  return (await registrations.join(commandId)) ? registered(known.accountId, known.invitation) : undefined
}

/**
 * Lets a registration that comes again be for the account of the first time: `joined` is what was found of it. An
 * invitation is given back where it came to nothing; `end` is for one that was not needed, since another was quicker.
 */
export const shareRegistration = (
  edge: Edge,
  commandId: string,
  sent: Sent,
  { joined, invitation }: { readonly joined: Registered | undefined; readonly invitation: Invitation | undefined },
): SharedClaim & { readonly end: () => Promise<void> } => {
  const { registrations, oneTime } = edge.vault
  const putBack = (unused: Invitation): Promise<void> => oneTime.putBack({ ...unused, detail: {} })
  let own = invitation

  return {
    joined,
    begin: async (accountId) => {
      const fingerprint = fingerprintOf(edge.vault, sent)
      for (;;) {
        if (await registrations.begin(commandId, { accountId, fingerprint, invitation })) {
          own = undefined
          return registered(accountId, invitation)
        }
        // One that was begun and has failed by now is begun once more.
        const other = await joinRegistration(edge, commandId, sent)
        if (other) return other
      }
    },
    leave: async () => {
      const last = await registrations.leave(commandId)
      if (last?.invitation) await putBack(last.invitation)
      return last !== undefined
    },
    end: async () => {
      if (own) await putBack(own)
    },
  }
}
