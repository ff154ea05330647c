import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import type { Invitation } from '#libs/vault/registrations.ts'
import { claimAccount } from '../claim.ts'
import { deviceOf, rememberDevice } from './devices.ts'
import type { IdentityEdge } from './edge.ts'
import { joinRegistration, shareRegistration } from './registrations.ts'
import { checkStrength } from './replace-password.ts'
import { Opened, Registration } from './schemas.ts'

const route = routesOf<IdentityEdge>()

export const registrationRoute = route({
  method: 'POST',
  path: '/v1/accounts',
  id: 'register',
  tag: 'accounts',
  summary: 'Registers an account, and answers once it is open',
  auth: 'none',
  access: 'public',
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
    'identity.password_weak',
    'identity.handle_taken',
    'identity.handle_reserved',
    'identity.handle_released',
    'identity.display_name_invalid',
    'identity.email_invalid',
    'identity.name_confusable',
    'identity.registration_closed',
    'identity.invitation_invalid',
    'identity.terms_not_accepted',
    'auth.busy',
  ],
  handler: async (request, edge) => {
    const { body, commandId, traceparent } = request
    const { handle, password, email, termsVersion } = body
    const displayName = body.displayName ?? handle
    if (edge.registration === 'closed') throw new HttpProblem('identity.registration_closed')
    if (edge.termsVersion !== undefined && edge.termsVersion !== termsVersion)
      throw new HttpProblem('identity.terms_not_accepted', { detail: { version: edge.termsVersion } })
    const named = { handle, displayName, email: email ?? null }
    const sent = { ...named, password }
    const joined = await joinRegistration(edge, commandId, sent)
    if (!joined) await checkStrength(edge, password, named)
    // One that is sent again has used its invitation.
    const invitation = joined ? undefined : await takeInvitation(edge, body.invitation)
    const shared = shareRegistration(edge, commandId, sent, { joined, invitation })
    const claimed = await claimAccount(edge, {
      commandId,
      traceparent,
      ...named,
      platformRole: 'user',
      password,
      mustChange: false,
      termsVersion: edge.termsVersion ?? null,
      shared,
    }).finally(shared.end)
    if (claimed.kind === 'pending') return pendingReply(commandId, `?account=${claimed.accountId}`)
    const { accountId, position } = claimed
    edge.behind(() => rememberDevice(edge, accountId, deviceOf(edge, request)))
    return {
      status: 201,
      headers: { Location: `/v1/accounts/${accountId}`, Position: position },
      body: { commandId, account: { id: accountId, handle, displayName }, position },
    }
  },
})

const takeInvitation = async (edge: IdentityEdge, secret: string | undefined): Promise<Invitation | undefined> => {
  if (edge.registration !== 'invitation') return undefined
  const taken = secret === undefined ? undefined : await edge.vault.oneTime.take('invitation', secret)
  if (!taken) throw new HttpProblem('identity.invitation_invalid')
  const { hash, purpose, accountId, group, expiresAt } = taken
  return { hash, purpose, accountId, group, expiresAt }
}
