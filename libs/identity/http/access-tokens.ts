import { z } from 'zod'
import { chatScopes, describeScopes, grantableScopes } from '#libs/access/scopes.ts'
import { NumericId, Position, Timestamp, timestamp, Uuidv7 } from '#libs/http/ids.ts'
import { pendingReply, pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import type { AccessTokenDetails } from '#libs/vault/vault.ts'
import { sentReply } from './done.ts'
import { type IdentityEdge, sendToIdentity } from './edge.ts'

const route = routesOf<IdentityEdge>()
const common = { tag: 'access tokens', auth: 'account', access: 'signed in' } as const

const Name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .meta({ description: 'What its owner calls it', examples: ['my bot'] })
const Kind = z.enum(['personal', 'bot', 'login_key']).meta({
  description: '`login_key`: for older bots, as the cookie `authtoken`; for chat alone, whatever else is asked for',
})
const ScopeList = z.array(z.enum(grantableScopes)).min(1).meta({ description: describeScopes() })

const ListedToken = z
  .strictObject({
    tokenId: Uuidv7,
    kind: Kind,
    name: z.string(),
    scopes: z.array(z.string()),
    createdAt: Timestamp,
    expiresAt: Timestamp.nullable().meta({ description: 'null: never' }),
    lastUsedAt: Timestamp.nullable().meta({ description: 'To ten minutes; null: never used' }),
  })
  .meta({ id: 'AccessToken' })

const orNull = (at: number | null): string | null => (at === null ? null : timestamp(at))

const listed = (token: AccessTokenDetails): z.input<typeof ListedToken> => ({
  tokenId: token.tokenId,
  kind: token.kind,
  name: token.name,
  scopes: [...token.scopes],
  createdAt: timestamp(token.createdAt),
  expiresAt: orNull(token.expiresAt),
  lastUsedAt: orNull(token.lastUsedAt),
})

const listTokens = route({
  ...common,
  method: 'GET',
  path: '/v1/accounts/me/access-tokens',
  id: 'listAccessTokens',
  summary: 'One’s own tokens for programs, the newest first, without their secrets',
  rate: 'read',
  responses: { 200: { description: 'All of them', body: z.strictObject({ tokens: z.array(ListedToken) }) } },
  errors: [],
  handler: async ({ caller }, edge) => {
    const tokens = await edge.vault.accessTokens.listOf(caller.accountId)
    return { status: 200, body: { tokens: tokens.map(listed) } }
  },
})

const createToken = route({
  ...common,
  method: 'POST',
  path: '/v1/accounts/me/access-tokens',
  id: 'createAccessToken',
  summary: 'A token for a program, which is shown this once',
  description:
    'Sent as `Authorization: Bearer`, in the `auth` frame of the live socket, or to IRC as `PASS oauth:TOKEN`. It acts ' +
    'as its owner, as far as its scopes go, until it is revoked. Its id is that of the command.',
  fresh: true,
  rate: 'write',
  command: true,
  body: z.strictObject({
    kind: Kind,
    name: Name,
    scopes: ScopeList.optional().meta({ description: `${describeScopes()}. Needed but for a login key` }),
    expiresAt: Timestamp.optional().meta({ description: 'When it ends by itself; without, never' }),
  }),
  responses: {
    201: {
      description: 'It is good from now on',
      body: z
        .strictObject({
          tokenId: Uuidv7,
          token: z.string().meta({
            description:
              '`whp_`, `whb_` or, of a login key, `whk`; 43 letters and digits; and the CRC-32 of both in six more (base 62)',
          }),
          accountId: NumericId,
          scopes: z.array(z.string()),
          expiresAt: Timestamp.nullable(),
          position: Position,
        })
        .meta({ id: 'NewAccessToken' }),
    },
    ...pendingResponse,
  },
  errors: [
    'identity.token_exists',
    'identity.token_name_invalid',
    'identity.token_scopes_invalid',
    'identity.too_many_tokens',
    'identity.term_invalid',
    'identity.account_suspended',
    'identity.account_deactivated',
    'identity.account_unknown',
    'identity.account_erased',
  ],
  handler: async ({ body, caller: { accountId }, commandId, traceparent }, edge) => {
    const { kind, name } = body
    const scopes = kind === 'login_key' ? chatScopes : (body.scopes ?? [])
    const expiresAt = body.expiresAt === undefined ? null : Date.parse(body.expiresAt)
    const { accessTokens } = edge.vault
    const made = { tokenId: commandId, kind, name, scopes, expiresAt } as const
    // Before the command (I11), so that what the journal knows of can be found; without an outcome it stays, unshown.
    const token = await accessTokens.issue({ ...made, accountId })
    if (token === undefined) throw await notOnceMore(edge, accountId, made)
    try {
      const command = { type: 'CreateAccessToken', ...made, scopes: [...scopes] } as const
      const sent = { key: accountId, principal: accountId, commandId, traceparent }
      const submitted = await sendToIdentity(edge, command, sent)
      if (submitted.kind === 'pending') return pendingReply(commandId)
      // It was made, shown and revoked before: the journal does not know of this one.
      if (submitted.isRepeat) throw new HttpProblem('identity.token_exists')
      const shown = { token, accountId, scopes: [...scopes], expiresAt: orNull(expiresAt) }
      return { status: 201, body: { tokenId: commandId, ...shown, position: submitted.position } }
    } catch (error) {
      await accessTokens.remove([commandId])
      throw error
    }
  },
})

type Made = Pick<AccessTokenDetails, 'tokenId' | 'kind' | 'name' | 'scopes' | 'expiresAt'>

const sameToken = (one: Made, other: Made): boolean =>
  one.kind === other.kind &&
  one.name === other.name &&
  one.expiresAt === other.expiresAt &&
  one.scopes.join(' ') === other.scopes.join(' ')

/** Why no token is made by an id that there is one of: it was shown, or was asked for otherwise (I7). */
const notOnceMore = async ({ vault }: IdentityEdge, accountId: string, made: Made): Promise<HttpProblem> => {
  const own = await vault.accessTokens.listOf(accountId)
  const known = own.find(({ tokenId }) => tokenId === made.tokenId)
  return new HttpProblem(known && sameToken(known, made) ? 'identity.token_exists' : 'command.id_reused')
}

type Revoking = {
  readonly accountId: string
  readonly tokenIds: readonly string[]
  readonly commandId: string
  readonly traceparent: string | undefined
}

/** The command first: where it cannot be sent the tokens are still there, and the caller may try again. */
const revoke = async (edge: IdentityEdge, { accountId, tokenIds, commandId, traceparent }: Revoking) => {
  const sent = { key: accountId, principal: accountId, commandId, traceparent }
  const submitted = await sendToIdentity(edge, { type: 'RevokeAccessTokens', tokenIds: [...tokenIds] }, sent)
  await edge.vault.accessTokens.remove(tokenIds)
  return sentReply(submitted, commandId)
}

type RevokingFound = Pick<Revoking, 'commandId' | 'traceparent'> & { readonly caller: Pick<Revoking, 'accountId'> }

/** Ends those that `which` chooses of the tokens that there are when the request comes first. */
const revokeFound = (
  edge: IdentityEdge,
  request: RevokingFound,
  asked: readonly string[],
  which: (own: readonly string[]) => readonly string[],
) => {
  const { caller, commandId, traceparent } = request
  const { accountId } = caller
  return edge.once(
    request,
    asked,
    async () => ({ tokenIds: which((await edge.vault.accessTokens.listOf(accountId)).map(({ tokenId }) => tokenId)) }),
    ({ tokenIds }) => revoke(edge, { accountId, tokenIds, commandId, traceparent }),
  )
}

const revoked = {
  204: {
    description: 'Ended: refused everywhere within a second, their sockets closed',
    headers: { Position: 'For min-position' },
  },
  ...pendingResponse,
} as const

const revokeToken = route({
  ...common,
  method: 'DELETE',
  path: '/v1/accounts/me/access-tokens/{tokenId}',
  id: 'revokeAccessToken',
  summary: 'Ends one of one’s own tokens',
  rate: 'write',
  command: true,
  params: z.strictObject({ tokenId: Uuidv7 }),
  responses: revoked,
  errors: ['http.not_found'],
  handler: (request, edge) => {
    const { tokenId } = request.params
    return revokeFound(edge, request, ['revokeAccessToken', tokenId], (own) => {
      // Another's token is as little there as one that never was.
      if (!own.includes(tokenId)) throw new HttpProblem('http.not_found')
      return [tokenId]
    })
  },
})

const revokeTokens = route({
  ...common,
  method: 'DELETE',
  path: '/v1/accounts/me/access-tokens',
  id: 'revokeAccessTokens',
  summary: 'Ends all of one’s own tokens; where there are none nothing is left to do',
  rate: 'write',
  command: true,
  responses: revoked,
  errors: [],
  handler: (request, edge) => revokeFound(edge, request, ['revokeAccessTokens'], (own) => own),
})

/** Tokens that people make for programs: personal ones, those of bots, and login keys of older bots. */
export const accessTokenRoutes = [listTokens, createToken, revokeToken, revokeTokens]
