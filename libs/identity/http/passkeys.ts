import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Position } from '#libs/http/ids.ts'
import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import type { Passkey } from '#libs/vault/passkeys.ts'
import {
  ceremonyMs,
  challengeIn,
  creationOptions,
  relyingPartyOf,
  requestOptions,
  verifyCreation,
  verifyUse,
} from '../factors/relying-party.ts'
import { deviceOf } from './devices.ts'
import { done, gone } from './done.ts'
import type { IdentityEdge } from './edge.ts'
import { CeremonyOptions, MadeCredential, ShownCredential } from './factor-schemas.ts'
import { actOnOwn, removeFactor } from './factors.ts'
import { openAccount, returning } from './login.ts'
import { LoggedIn } from './schemas.ts'
import { openSession } from './session.ts'

const route = routesOf<IdentityEdge>()
const own = { tag: 'factors', auth: 'account', access: 'signed in', fresh: true, rate: 'credentials' } as const
const anybody = { tag: 'sessions', auth: 'none', access: 'public', rate: 'credentials' } as const
const options = { 200: { description: 'For the browser', body: z.strictObject({ options: CeremonyOptions }) } } as const

const PasskeyName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .meta({ description: 'One’s own word for it', examples: ['my phone'] })

/** Challenges are asked for before anybody has said who they are. */
const nobody = '0'

/** Random to who has it, and always the same of an account, so that an authenticator keeps one passkey for it. */
const userHandleOf = ({ vault }: IdentityEdge, accountId: string): Buffer =>
  Buffer.from(vault.hashes.fingerprint(`passkey user ${accountId}`), 'base64url')

const askForPasskey = route({
  ...own,
  method: 'POST',
  path: '/v1/accounts/me/passkeys/options',
  id: 'askForPasskey',
  summary: 'With what a browser is asked to make a passkey',
  responses: options,
  errors: [...gone],
  handler: async ({ caller: { accountId } }, edge) => {
    const account = await openAccount(edge, accountId)
    const challenge = await edge.vault.oneTime.issue({ purpose: 'add passkey', accountId, lifetimeMs: ceremonyMs })
    const known = await edge.vault.factors.passkeys.listOf(accountId)
    const handle = account.handle ?? accountId
    const user = { userHandle: userHandleOf(edge, accountId), handle, displayName: account.displayName ?? handle }
    const asked = await creationOptions(relyingPartyOf(edge.publicUrl), user, challenge, known)
    return { status: 200, body: { options: { ...asked } } }
  },
})

const NewPasskey = z.strictObject({
  name: PasskeyName,
  credential: MadeCredential,
})

/** Keeps the passkey that a browser made. Throws `identity.passkey_refused`, `identity.factor_exists`. */
const keepPasskey = async (
  edge: IdentityEdge,
  accountId: string,
  { name, credential }: z.output<typeof NewPasskey>,
): Promise<{ readonly factorId: string }> => {
  const challenge = challengeIn(credential.response.clientDataJSON) ?? ''
  const token = await edge.vault.oneTime.take('add passkey', challenge)
  if (token?.accountId !== accountId) throw new HttpProblem('identity.passkey_refused')
  const response = { ...credential, clientExtensionResults: {} }
  const made = await verifyCreation(relyingPartyOf(edge.publicUrl), response as never, challenge)
  if (!made) throw new HttpProblem('identity.passkey_refused')
  const factorId = randomUUID()
  if (!(await edge.vault.factors.passkeys.add({ ...made, accountId, factorId, name })))
    throw new HttpProblem('identity.factor_exists')
  return { factorId }
}

const addPasskey = route({
  ...own,
  method: 'POST',
  path: '/v1/accounts/me/passkeys',
  id: 'addPasskey',
  summary: 'Adds the passkey that a browser made',
  command: true,
  body: NewPasskey,
  responses: {
    201: { description: 'It is good from now on', body: z.strictObject({ id: z.uuid(), position: Position }) },
    ...pendingResponse,
  },
  errors: [
    'identity.passkey_refused',
    'identity.factor_exists',
    'identity.too_many_factors',
    'identity.account_suspended',
    ...gone,
  ],
  handler: async (request, edge) => {
    const { accountId } = request.caller
    const { passkeys } = edge.vault.factors
    // Before the command (I11).
    const keep = () => keepPasskey(edge, accountId, request.body)
    const add = async ({ factorId }: { readonly factorId: string }, isAgain: boolean) => {
      // One that failed the first time is not kept any more.
      if (isAgain && !(await passkeys.listOf(accountId)).some((kept) => kept.factorId === factorId))
        throw new HttpProblem('identity.passkey_refused')
      const submitted = await actOnOwn(edge, request, { type: 'AddFactor', factor: 'passkey', factorId })
      if (submitted.kind === 'pending') return pendingReply(request.commandId)
      return { status: 201 as const, body: { id: factorId, position: submitted.position } }
    }
    const undo = ({ factorId }: { readonly factorId: string }) => passkeys.remove(accountId, factorId)
    return edge.once(request, ['addPasskey', request.body], keep, add, undo)
  },
})

const renamePasskey = route({
  method: 'PATCH',
  path: '/v1/accounts/me/passkeys/{passkeyId}',
  id: 'renamePasskey',
  tag: 'factors',
  summary: 'Calls a passkey otherwise',
  auth: 'account',
  access: 'signed in',
  rate: 'write',
  params: z.strictObject({ passkeyId: z.uuid() }),
  body: z.strictObject({ name: PasskeyName }),
  responses: { 204: { description: 'It is called so' } },
  errors: ['http.not_found'],
  handler: async ({ params: { passkeyId }, body: { name }, caller: { accountId } }, edge) => {
    // Another's is as little there as one that never was.
    if (!(await edge.vault.factors.passkeys.rename(accountId, passkeyId, name))) throw new HttpProblem('http.not_found')
    return { status: 204 }
  },
})

const removePasskey = route({
  ...own,
  method: 'DELETE',
  path: '/v1/accounts/me/passkeys/{passkeyId}',
  id: 'removePasskey',
  summary: 'Removes a passkey; not the last thing that one logs in with',
  command: true,
  params: z.strictObject({ passkeyId: z.uuid() }),
  responses: done,
  errors: ['http.not_found', 'identity.last_factor', ...gone],
  handler: async (request, edge) => {
    const { accountId } = request.caller
    const { passkeyId: factorId } = request.params
    const { passkeys } = edge.vault.factors
    const isThere = async () => (await passkeys.listOf(accountId)).some((passkey) => passkey.factorId === factorId)
    const find = async () => {
      // Another's is as little there as one that never was.
      if (!(await isThere())) throw new HttpProblem('http.not_found')
      return {}
    }
    return edge.once(request, ['removePasskey', factorId], find, () =>
      removeFactor(edge, request, { factor: 'passkey', factorId }),
    )
  },
})

const askToLogIn = route({
  ...anybody,
  method: 'POST',
  path: '/v1/sessions/passkey/options',
  id: 'askForPasskeyLogin',
  summary: 'With what a browser is asked to show a passkey, whosever it is',
  responses: options,
  errors: [],
  handler: async (_request, edge) => {
    const token = { purpose: 'use passkey', accountId: nobody, lifetimeMs: ceremonyMs } as const
    const challenge = await edge.vault.oneTime.issue(token)
    return { status: 200, body: { options: { ...(await requestOptions(relyingPartyOf(edge.publicUrl), challenge)) } } }
  },
})

/** Whose passkey a browser has shown; throws `identity.passkey_refused`. The challenge is used up either way. */
export const checkPasskey = async (
  edge: IdentityEdge,
  credential: z.output<typeof ShownCredential>,
): Promise<Passkey> => {
  const refused = new HttpProblem('identity.passkey_refused')
  const challenge = challengeIn(credential.response.clientDataJSON) ?? ''
  const token = await edge.vault.oneTime.take('use passkey', challenge)
  const { passkeys } = edge.vault.factors
  const credentialId = Buffer.from(credential.id, 'base64url')
  const passkey = await passkeys.find(credentialId)
  if (!token || !passkey) throw refused
  const response = { ...credential, clientExtensionResults: {} }
  const counter = await verifyUse(relyingPartyOf(edge.publicUrl), response as never, challenge, passkey)
  if (counter === undefined || !(await passkeys.use(credentialId, counter))) throw refused
  return passkey
}

const logInByPasskey = route({
  ...anybody,
  method: 'POST',
  path: '/v1/sessions/passkey',
  id: 'logInByPasskey',
  summary: 'Logs in by a passkey: no password, and no code besides',
  cookie: true,
  reads: ['accounts'],
  body: z.strictObject({ credential: ShownCredential }),
  responses: {
    201: { description: 'Logged in', body: LoggedIn, headers: { 'Set-Cookie': 'The session, and the device' } },
  },
  errors: ['identity.passkey_refused', 'identity.account_suspended'],
  handler: async (request, edge) => {
    const { accountId } = await checkPasskey(edge, request.body.credential)
    const account = await edge.reads.account(accountId)
    if (!account || account.state === 'erased') throw new HttpProblem('identity.passkey_refused')
    const credential = await edge.vault.credentials.get(accountId)
    const opened = await openSession(edge, {
      account: await returning(edge, account),
      method: 'passkey',
      mustChangePassword: credential?.mustChange ?? false,
      secondFactor: true,
      device: deviceOf(edge, request),
      traceparent: request.traceparent,
      cookie: request.header('cookie'),
    })
    return { status: 201, ...opened }
  },
})

export const passkeyRoutes = [askForPasskey, addPasskey, renamePasskey, removePasskey, askToLogIn, logInByPasskey]
