import { pendingResponse } from '#libs/http/pending.ts'
import { routesOf } from '#libs/http/route.ts'
import { requireScope } from '#libs/http/scope.ts'
import { actSchema } from '#libs/protocols/native/acts.ts'
import { actCommand } from '../acts/commands.ts'
import { actScopes, scopeOfAct } from '../acts/scopes.ts'
import { channelErrors } from '../errors.ts'
import { doneHeaders, doneReply } from './done.ts'
import { type ChannelEdge, memberFacts, sendToChannel } from './edge.ts'
import { channelParams, Done } from './schemas.ts'

const route = routesOf<ChannelEdge>()

/** What no act is rejected with. */
const elsewhere: ReadonlySet<string> = new Set(['channel.exists', 'channel.nothing_due'])

const act = route({
  method: 'POST',
  path: '/v1/channels/{channelId}/acts',
  id: 'act',
  tag: 'acts',
  summary: 'Does something in a channel besides posting',
  description: 'The same acts, in the same form, as the frame `act` of the live protocol.',
  auth: 'account',
  access: 'signed in',
  scopes: actScopes,
  rate: 'write',
  command: true,
  reads: ['channels', 'casework'],
  params: channelParams,
  body: actSchema,
  responses: { 200: { description: 'Done', body: Done, headers: doneHeaders }, ...pendingResponse },
  errors: Object.keys(channelErrors).filter((code) => !elsewhere.has(code)),
  handler: async (request, edge) => {
    const { params, body, caller, commandId } = request
    requireScope(caller, [scopeOfAct(body)])
    const facts = await memberFacts(edge, params.channelId, caller.accountId)
    return doneReply(200, commandId, await sendToChannel(edge, params.channelId, actCommand(body), request, facts))
  },
})

export const actRoutes = [act]
