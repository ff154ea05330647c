import { z } from 'zod'
import { NumericId } from '#libs/http/ids.ts'
import { HttpProblem } from '#libs/http/problem.ts'
import { routesOf } from '#libs/http/route.ts'
import type { IdentityCommandOf } from '../commands.ts'
import { archiveType } from '../export/exports.ts'
import { type IdentityEdge, sendToIdentity } from './edge.ts'
import { openAccount } from './login.ts'
import { Reason } from './staff.ts'

const route = routesOf<IdentityEdge>()

const common = {
  method: 'POST',
  auth: 'account',
  fresh: true,
  rate: 'credentials',
  command: true,
  responses: {
    200: {
      description: 'A zip archive of JSON files; `manifest.json` is its last. Cut off where it could not be read',
      streams: { [archiveType]: z.string().meta({ format: 'binary' }) },
      headers: { 'Content-Disposition': 'The name of the file', Position: 'Of the record that says so' },
    },
  },
} as const

type Asked = {
  readonly accountId: string
  readonly command: IdentityCommandOf<'RecordExport'>
  readonly askedBy: 'the person' | 'staff'
  readonly sent: Pick<Parameters<typeof sendToIdentity>[2], 'principal' | 'commandId' | 'traceparent' | 'facts'>
}

/** Nothing is handed out before the journal says that it was. */
const handOut = async (edge: IdentityEdge, { accountId, command, askedBy, sent }: Asked) => {
  edge.exports.checkRoom()
  const { handle } = await openAccount(edge, accountId)
  const submitted = await sendToIdentity(edge, command, { ...sent, key: accountId })
  if (submitted.kind === 'pending') throw new HttpProblem('platform.unavailable')
  const day = new Date(edge.now()).toISOString().slice(0, 10)
  return {
    status: 200 as const,
    headers: {
      'Content-Disposition': `attachment; filename="${handle ?? accountId}-${day}.zip"`,
      Position: submitted.position,
    },
    stream: edge.exports.archiveOf(accountId, askedBy),
  }
}

const exportOwn = route({
  ...common,
  path: '/v1/accounts/me/export',
  id: 'exportOwnData',
  tag: 'accounts',
  summary: 'All that is kept about one, as an archive',
  description: 'Once an hour; within it the same Idempotency-Key brings it again. It stands in one’s activity.',
  access: 'signed in',
  errors: [
    'identity.exported_lately',
    'identity.account_unknown',
    'identity.account_erased',
    'identity.forbidden',
    'platform.busy',
  ],
  handler: ({ caller: { accountId }, commandId, traceparent }, edge) =>
    handOut(edge, {
      accountId,
      command: { type: 'RecordExport', reason: null },
      askedBy: 'the person',
      sent: { principal: accountId, commandId, traceparent },
    }),
})

const exportOf = route({
  ...common,
  path: '/v1/administration/accounts/{accountId}/export',
  id: 'exportPersonalData',
  tag: 'administration',
  summary: 'All that is kept about somebody, as an archive, for who asked for it in another way',
  description: 'Never of staff that stands as high. Its owner finds it in their activity.',
  access: { platform: 'export_personal_data' },
  params: z.strictObject({ accountId: NumericId }),
  body: z.strictObject({ reason: Reason }),
  errors: [
    'identity.forbidden',
    'identity.outranked',
    'identity.account_unknown',
    'identity.account_erased',
    'identity.reason_invalid',
    'platform.busy',
  ],
  handler: ({ params: { accountId }, body: { reason }, caller, commandId, traceparent }, edge) => {
    const facts = { platformRole: caller.platformRole }
    return handOut(edge, {
      accountId,
      command: { type: 'RecordExport', reason },
      askedBy: 'staff',
      sent: { principal: caller.accountId, commandId, traceparent, facts },
    })
  },
})

export const dataExportRoutes = [exportOwn, exportOf]
