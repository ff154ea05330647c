import { randomBytes, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { refuseAfter } from '#libs/http/allowance.ts'
import { timestamp } from '#libs/http/ids.ts'
import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { dropFactor } from '#libs/vault/factors.ts'
import type { IdentityCommandOf } from '../commands.ts'
import { base32, otpauthUri, stepOfCode, totpSecretBytes } from '../factors/totp.ts'
import { done, doneReply, gone } from './done.ts'
import { type IdentityEdge, sendToIdentity } from './edge.ts'
import { FactorList, RecoveryCodeList } from './factor-schemas.ts'
import { openAccount } from './login.ts'
import { newCodes } from './recovery-codes.ts'
import { takeCode } from './second-factor.ts'

const route = routesOf<IdentityEdge>()
const common = { tag: 'factors', auth: 'account', access: 'signed in' } as const
const sensitive = { ...common, fresh: true, rate: 'credentials' } as const

type Sent = {
  readonly caller: { readonly accountId: string }
  readonly commandId: string
  readonly traceparent: string | undefined
}

/** Sends a command of who is logged in to their own account. */
export const actOnOwn = (
  edge: IdentityEdge,
  { caller, ...sent }: Sent,
  command: Parameters<typeof sendToIdentity>[1],
) => sendToIdentity(edge, command, { ...sent, key: caller.accountId, principal: caller.accountId })

/**
 * Takes a factor away: the journal first, which says whether something is left to log in with. One that it does not know
 * was cut off while it was added, and goes all the same.
 */
export const removeFactor = async (
  edge: IdentityEdge,
  request: Sent,
  factor: Omit<IdentityCommandOf<'RemoveFactor'>, 'type'>,
) => {
  // Where it is not known yet whether it is removed, a process manager takes it away.
  const drop = () => dropFactor(edge.vault.factors, request.caller.accountId, factor)
  try {
    const submitted = await actOnOwn(edge, request, { type: 'RemoveFactor', ...factor })
    if (submitted.kind === 'accepted') await drop()
    return await doneReply(edge, submitted, request.commandId)
  } catch (error) {
    if (!(error instanceof HttpProblem) || error.code !== 'identity.factor_unknown') throw error
    await drop()
    return { status: 204 as const }
  }
}

const listFactors = route({
  ...common,
  method: 'GET',
  path: '/v1/accounts/me/factors',
  id: 'listFactors',
  summary: 'By what one’s own account is logged in to',
  rate: 'read',
  responses: { 200: { description: 'All of it', body: FactorList } },
  errors: [],
  handler: async ({ caller: { accountId } }, { vault: { credentials, factors } }) => {
    const passkeys = await factors.passkeys.listOf(accountId)
    return {
      status: 200,
      body: {
        password: (await credentials.get(accountId)) !== undefined,
        totp: (await factors.totp.find(accountId))?.confirmed ?? false,
        recoveryCodesLeft: await factors.recoveryCodes.left(accountId),
        passkeys: passkeys.map(({ factorId, name, createdAt, lastUsedAt }) => ({
          id: factorId,
          name,
          createdAt: timestamp(createdAt),
          lastUsedAt: lastUsedAt === null ? null : timestamp(lastUsedAt),
        })),
      },
    }
  },
})

const enrolTotp = route({
  ...sensitive,
  method: 'POST',
  path: '/v1/accounts/me/totp',
  id: 'enrolTotp',
  summary: 'A secret for codes by time (RFC 6238), shown this once; no code is asked for before it is confirmed',
  responses: {
    200: {
      description: 'For the app',
      body: z.strictObject({
        secret: z
          .string()
          .meta({ description: 'In base32, to be typed', examples: ['JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'] }),
        uri: z.string().meta({ description: 'For a QR code', examples: ['otpauth://totp/live.example:ada?secret=…'] }),
      }),
    },
  },
  errors: ['identity.factor_exists', ...gone],
  handler: async ({ caller: { accountId } }, edge) => {
    const account = await openAccount(edge, accountId)
    const secret = randomBytes(totpSecretBytes)
    const kept = await edge.vault.factors.totp.enrol(accountId, randomUUID(), secret)
    if (!kept) throw new HttpProblem('identity.factor_exists')
    const issuer = new URL(edge.publicUrl).hostname
    const uri = otpauthUri(issuer, account.handle ?? accountId, secret)
    return { status: 200, body: { secret: base32(secret), uri } }
  },
})

/** Uses the first code of a secret that is not confirmed yet. */
const useFirstCode = async (edge: IdentityEdge, accountId: string, code: string) => {
  const { totp } = edge.vault.factors
  refuseAfter(takeCode(edge, accountId))
  const secret = await totp.find(accountId)
  if (!secret) throw new HttpProblem('identity.factor_unknown')
  if (secret.confirmed) throw new HttpProblem('identity.factor_exists')
  const step = stepOfCode(secret.secret, code, edge.now())
  if (step === undefined || !(await totp.use(accountId, step))) throw new HttpProblem('identity.code_wrong')
  return { factorId: secret.factorId }
}

const confirmTotp = route({
  ...sensitive,
  method: 'PUT',
  path: '/v1/accounts/me/totp',
  id: 'confirmTotp',
  summary: 'Shows by a code that the app has the secret: from now on a login by password asks for one',
  command: true,
  body: z.strictObject({
    code: z
      .string()
      .regex(/^\d{6}$/, 'has six digits')
      .meta({ examples: ['492039'] }),
  }),
  responses: {
    200: {
      description: 'Confirmed',
      body: z.strictObject({ recoveryCodes: RecoveryCodeList }),
      headers: { Position: 'For min-position' },
    },
    ...pendingResponse,
  },
  errors: [
    'identity.code_wrong',
    'identity.factor_exists',
    'identity.factor_unknown',
    'identity.codes_renewed',
    'identity.account_suspended',
    ...gone,
  ],
  handler: async (request, edge) => {
    const { accountId } = request.caller
    const { code } = request.body
    const { totp } = edge.vault.factors
    const use = () => useFirstCode(edge, accountId, code)
    return edge.once(request, ['confirmTotp', code], use, async ({ factorId }) => {
      const submitted = await actOnOwn(edge, request, { type: 'AddFactor', factor: 'totp', factorId })
      // Nobody is asked for a code whose owner was not told that it counts: then it is confirmed once more.
      if (submitted.kind === 'pending') return pendingReply(request.commandId)
      const secret = await totp.find(accountId)
      if (secret?.factorId !== factorId) throw new HttpProblem('identity.factor_unknown')
      const codes = await newCodes(edge.vault.factors, accountId, submitted.n)
      await totp.confirm(accountId)
      const headers = { Position: submitted.position }
      return { status: 200 as const, headers, body: { recoveryCodes: codes } }
    })
  },
})

const removeTotp = route({
  ...sensitive,
  method: 'DELETE',
  path: '/v1/accounts/me/totp',
  id: 'removeTotp',
  summary: 'Asks for no codes any more; recovery codes go with them',
  command: true,
  responses: done,
  errors: ['identity.factor_unknown', ...gone],
  handler: async (request, edge) => {
    const { accountId } = request.caller
    const find = async () => {
      const secret = await edge.vault.factors.totp.find(accountId)
      if (!secret) throw new HttpProblem('identity.factor_unknown')
      return { factorId: secret.factorId }
    }
    return edge.once(request, ['removeTotp'], find, ({ factorId }) =>
      removeFactor(edge, request, { factor: 'totp', factorId }),
    )
  },
})

const renewRecoveryCodes = route({
  ...sensitive,
  method: 'POST',
  path: '/v1/accounts/me/recovery-codes',
  id: 'renewRecoveryCodes',
  summary: 'New recovery codes, shown this once; those before are good no more',
  command: true,
  responses: {
    200: { description: 'The codes', body: z.strictObject({ recoveryCodes: RecoveryCodeList }) },
    ...pendingResponse,
  },
  errors: ['identity.factor_unknown', 'identity.codes_renewed', ...gone],
  handler: async (request, edge) => {
    const { accountId } = request.caller
    const submitted = await actOnOwn(edge, request, { type: 'IssueRecoveryCodes' })
    if (submitted.kind === 'pending') return pendingReply(request.commandId)
    const recoveryCodes = await newCodes(edge.vault.factors, accountId, submitted.n)
    return { status: 200, body: { recoveryCodes } }
  },
})

const removePassword = route({
  ...sensitive,
  method: 'DELETE',
  path: '/v1/accounts/me/password',
  id: 'removePassword',
  summary: 'Leaves one’s own account with its passkeys alone',
  description: 'PUT /v1/accounts/me/password sets one again.',
  command: true,
  responses: done,
  errors: ['identity.last_factor', ...gone],
  handler: async (request, edge) => {
    const { accountId } = request.caller
    const submitted = await actOnOwn(edge, request, { type: 'RemovePassword' })
    if (submitted.kind === 'accepted') await edge.vault.credentials.remove(accountId)
    return doneReply(edge, submitted, request.commandId)
  },
})

export const factorRoutes = [listFactors, enrolTotp, confirmTotp, removeTotp, renewRecoveryCodes, removePassword]
