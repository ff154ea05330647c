import { z } from 'zod'
import { pendingResponse } from '#libs/http/pending.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import { doneReply } from '../../http/done.ts'
import { sendToBroadcasts } from '../../http/edge.ts'
import { channelParams, Done } from '../../http/schemas.ts'
import { nearPercent } from '../quota.ts'
import { retentionFacts } from '../retention-facts.ts'
import { managesRecordings, type RecordingEdge } from './edge.ts'

const route = routesOf<RecordingEdge>()
const common = {
  tag: 'recordings',
  auth: 'account',
  scopes: ['channel:manage'],
  access: { channel: 'manage_recordings' },
  path: '/v1/channels/{channelId}/recordings',
  params: channelParams,
} as const

const warningOf = (usedBytes: number, quotaBytes: number | null): 'quota_near' | 'quota_reached' | null => {
  if (quotaBytes === null || usedBytes < (quotaBytes * nearPercent) / 100) return null
  return usedBytes < quotaBytes ? 'quota_near' : 'quota_reached'
}

const getRecordings = route({
  ...common,
  rate: 'read',
  reads: ['vods'],
  method: 'GET',
  id: 'getRecordings',
  summary: 'How the broadcasts of a channel are kept, and what that takes',
  responses: {
    200: {
      description: 'As it is now',
      body: z
        .strictObject({
          isOn: z.boolean(),
          retentionDays: z.int().meta({ description: '0: they stay' }),
          clipRetentionDays: z.int().meta({ description: 'The same of clips' }),
          usedBytes: z.int(),
          quotaBytes: z.int().nullable().meta({ description: 'null: without bound' }),
          warning: z.enum(['quota_near', 'quota_reached']).nullable().meta({
            description: 'quota_near: four fifths are used; at quota_reached broadcasts go on, and are not recorded',
          }),
        })
        .meta({ id: 'Recordings' }),
    },
  },
  errors: ['broadcast.forbidden'],
  handler: async ({ params: { channelId }, caller }, edge) => {
    if (!(await managesRecordings(edge, channelId, caller)))
      throw new HttpProblem('broadcast.forbidden', { detail: { action: 'manage_recordings' } })
    const { quotaBytes: own, ...settings } = await edge.vods.settings(channelId)
    const quotaBytes = own ?? edge.quotaBytes
    return { status: 200, body: { ...settings, quotaBytes, warning: warningOf(settings.usedBytes, quotaBytes) } }
  },
})

/** Beyond all that is meant, and within what a command can carry. */
const mostNumber = 2 ** 52

const days = z.int().min(0).max(mostNumber).optional().meta({ description: '0: they stay' })

const Change = z.strictObject({
  isOn: z.boolean().optional(),
  retentionDays: days,
  clipRetentionDays: days.meta({ description: 'The same of clips, by when they were made' }),
  quotaBytes: z
    .int()
    .min(0)
    .max(mostNumber)
    .optional()
    .meta({ description: 'By administrators of the platform alone; 0: as its settings have it' }),
})

const changeRecordings = route({
  ...common,
  rate: 'write',
  command: true,
  method: 'PATCH',
  id: 'changeRecordings',
  summary: 'Says whether broadcasts are recorded, and for how long recordings and clips stay',
  description: 'What is left out stays as it is. Retention holds for what there is, too.',
  body: Change,
  responses: { 200: { description: 'It is so', body: Done }, ...pendingResponse },
  errors: ['channel.unknown', 'broadcast.forbidden', 'broadcast.retention_out_of_range'],
  handler: async (request, edge) => {
    const { channelId } = request.params
    const { isOn = null, retentionDays = null, clipRetentionDays = null, quotaBytes = null } = request.body
    const command = { type: 'ChangeRecordings', isOn, retentionDays, clipRetentionDays, quotaBytes } as const
    const facts = retentionFacts(edge.retention)
    return doneReply(request.commandId, await sendToBroadcasts(edge, channelId, command, request, facts))
  },
})

export const recordingSettingsRoutes = [getRecordings, changeRecordings]
