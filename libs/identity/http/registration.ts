import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { routesOf } from '#libs/http/route.ts'
import { claimAccount } from '../claim.ts'
import type { IdentityEdge } from './edge.ts'
import { askEmails, takeMail } from './email.ts'
import { Opened, Registration } from './schemas.ts'

const route = routesOf<IdentityEdge>()

export const registrationRoute = route({
  method: 'POST',
  path: '/v1/accounts',
  id: 'register',
  tag: 'accounts',
  summary: 'Registers an account, and answers once it is open',
  auth: 'none',
  rate: 'credentials',
  command: true,
  body: Registration,
  responses: {
    201: {
      description: 'Open: log in',
      body: Opened,
      headers: { Location: 'The account', Position: 'For min-position' },
    },
    ...pendingResponse,
  },
  errors: [
    'identity.handle_taken',
    'identity.handle_reserved',
    'identity.handle_released',
    'identity.display_name_invalid',
    'identity.email_invalid',
    'auth.busy',
  ],
  handler: async ({ body, commandId, traceparent }, edge) => {
    const { handle, password, email } = body
    const displayName = body.displayName ?? handle
    const again = edge.vault.hashes.fingerprint(JSON.stringify([handle, password, displayName, email ?? null]))
    const claimed = await claimAccount(edge, {
      commandId,
      traceparent,
      handle,
      displayName,
      email: email ?? null,
      platformRole: 'user',
      password,
      mustChange: false,
      registered: edge.registrations.find(commandId, again),
      onAccountId: (accountId) => edge.registrations.remember(commandId, again, accountId),
    })
    if (claimed.kind === 'pending') return pendingReply(commandId, `?account=${claimed.accountId}`)
    const { accountId, position } = claimed
    if (email !== undefined) edge.behind(() => askForEmail(edge, accountId, email))
    return {
      status: 201,
      headers: { Location: `/v1/accounts/${accountId}`, Position: position },
      body: { commandId, account: { id: accountId, handle, displayName }, position },
    }
  },
})

/** Where that fails the address is not confirmed, and its owner may have the mail sent again. */
const askForEmail = async (edge: IdentityEdge, accountId: string, email: string): Promise<void> => {
  const account = await edge.reads.account(accountId)
  if (account?.state === 'open' && !account.emailVerified && takeMail(edge, accountId) === 0)
    await askEmails(edge, account, email)
}
