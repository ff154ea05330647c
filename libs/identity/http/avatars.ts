import { z } from 'zod'
import { NumericId } from '#libs/http/ids.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { asProblem, pictureReply, pictureResponses, uploadErrors, uploadTypes } from '#libs/images/http.ts'
import { avatarPlan } from '#libs/images/plan.ts'
import { done, doneReply, gone } from './done.ts'
import { type IdentityEdge, sendToIdentity } from './edge.ts'
import { openAccount } from './login.ts'

const route = routesOf<IdentityEdge>()
const tag = 'accounts'

/** A picture of a person goes from browsers too within a day of its removal. */
const keptSeconds = 86_400

const placeOf = (accountId: string): string => `avatars/${accountId}`

/** The key of the picture that an account has. */
const keyOf = (avatar: string | null): string | undefined => avatar?.split('/').at(-1)

type Change = {
  readonly caller: { readonly accountId: string }
  readonly commandId: string
  readonly traceparent: string | undefined
}

/**
 * Names another picture in the account, or none. One that comes again drops no pictures: the account may have another one
 * by now. @returns the answer, and whether what the account has no more may be dropped
 */
const change = async (edge: IdentityEdge, { caller: { accountId }, ...sent }: Change, avatar: string) => {
  const nothingElse = { displayName: null, displayNameKey: null, colour: null, bio: null } as const
  const command = { type: 'ChangeProfile', ...nothingElse, avatar } as const
  const submitted = await sendToIdentity(edge, command, { ...sent, key: accountId, principal: accountId })
  const reply = await doneReply(edge, submitted, sent.commandId)
  return { reply, drops: submitted.kind === 'accepted' && !submitted.isRepeat }
}

const putAvatar = route({
  method: 'PUT',
  path: '/v1/accounts/me/avatar',
  id: 'putAvatar',
  tag,
  summary: 'Takes a picture for one’s account, in the place of the one before',
  description: 'Cut to a square around its middle and encoded anew: nothing else of the file is kept.',
  auth: 'account',
  access: 'signed in',
  rate: 'write',
  command: true,
  upload: { types: uploadTypes, limitBytes: avatarPlan.bounds.bytes },
  responses: done,
  errors: [...uploadErrors, ...gone],
  handler: async (request, edge) => {
    const { accountId } = request.caller
    const place = placeOf(accountId)
    const before = keyOf((await openAccount(edge, accountId)).avatar)
    const { key } = await edge.images.store(place, request.upload, avatarPlan).catch(asProblem)
    const drop = (other: string | undefined, kept: string | undefined) => {
      if (other !== undefined && other !== kept) edge.behind(() => edge.images.remove(place, other))
    }
    try {
      const { reply, drops } = await change(edge, request, `${place}/${key}`)
      if (drops) drop(before, key)
      return reply
    } catch (error) {
      // Of anything but a rejection it is not known whether the account has it now.
      if (error instanceof HttpProblem && error.code.startsWith('identity.')) drop(key, before)
      throw error
    }
  },
})

const deleteAvatar = route({
  method: 'DELETE',
  path: '/v1/accounts/me/avatar',
  id: 'deleteAvatar',
  tag,
  summary: 'Takes away the picture of one’s account; without one it does nothing',
  auth: 'account',
  access: 'signed in',
  rate: 'write',
  command: true,
  responses: done,
  errors: [...gone],
  handler: async (request, edge) => {
    const { reply, drops } = await change(edge, request, '')
    if (drops) edge.behind(() => edge.images.remove(placeOf(request.caller.accountId)))
    return reply
  },
})

const getAvatar = route({
  method: 'GET',
  path: '/v1/avatars/{accountId}/{key}/{size}',
  id: 'getAvatar',
  tag,
  summary: 'The picture of an account, so many pixels high and wide',
  auth: 'none',
  access: 'public',
  rate: 'read',
  params: z.strictObject({
    accountId: NumericId,
    key: z.string().regex(/^[0-9a-f]{64}$/),
    size: z.enum(['64', '128', '256']),
  }),
  responses: pictureResponses,
  errors: ['http.not_found'],
  handler: async ({ params: { accountId, key, size } }, edge) =>
    pictureReply(await edge.images.read(placeOf(accountId), key, size).catch(asProblem), keptSeconds),
})

export const avatarRoutes = [putAvatar, deleteAvatar, getAvatar]
