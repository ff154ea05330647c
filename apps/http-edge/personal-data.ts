import type { Sql } from 'postgres'
import type { AuditEdge } from '#libs/audit/http/edge.ts'
import { auditFiles } from '#libs/audit/personal-data.ts'
import { broadcastPersonalData } from '#libs/broadcast/personal-data.ts'
import { channelPersonalData } from '#libs/channel/personal-data/personal-data.ts'
import { conversationPersonalData } from '#libs/conversation/personal-data.ts'
import type { Dependency } from '#libs/http/dependency.ts'
import type { PersonalSource } from '#libs/identity/export/exports.ts'
import { vaultFiles, vaultNotExported } from '#libs/identity/export/vault-files.ts'
import { identityPersonalData } from '#libs/identity/personal-data.ts'
import { guarded } from '#libs/readmodel/dependency.ts'
import { fileOf } from '#libs/readmodel/personal-data/file.ts'
import { readPersonalPage } from '#libs/readmodel/personal-data/read.ts'
import type { NotExported, PersonalTable } from '#libs/readmodel/personal-data/table.ts'

const contexts = [identityPersonalData, channelPersonalData, conversationPersonalData, broadcastPersonalData]

/** Every table of a read model that is in an archive, in the order of its files. */
export const personalTables: readonly PersonalTable[] = contexts.flatMap(({ tables }) => tables)

/** Tables of read models that `auditFiles` is made of. */
export const auditTables = ['audit'] as const

/** Every table of a read model of which nothing is in an archive, with why. */
export const readModelsNotExported: NotExported = {
  ...Object.assign({}, ...contexts.map(({ notExported }) => notExported)),
  outcomes: 'what commands came to, for a day; what they did is in the other files',
}

const ofTheMachinery = 'how the platform keeps its own books, of nobody'

/** Tables besides those of read models and of the vault, with their schemas. */
export const othersNotExported: NotExported = {
  'readmodel.builds': ofTheMachinery,
  'readmodel.positions': ofTheMachinery,
  'readmodel.parked': 'records of the journals that wait to be looked at, sealed as they are there',
  'http_edge.past_jobs': 'channels as they were, for an hour, sealed as in the journals; of nobody in particular',
}

/** What else there is that is in no file. */
const elsewhere: NotExported = {
  'the journals':
    'the events that all of this was made of, for ever; what people wrote is sealed in them by a key of each person',
  'the command topics': 'commands as they were sent, for a day',
  'the public topics': 'what was public, as others are sent it, for some days',
  'media of broadcasts, pictures': 'at the addresses that these files name',
}

/** How far the live read models have come, as positions by partition. */
const positionsOf = async (sql: Sql): Promise<Readonly<Record<string, readonly string[]>>> => {
  const rows = await sql<{ readonly projection: string; readonly places: readonly string[] }[]>`
    select projection, jsonb_agg(family || '.' || partition || '.' || n order by family, partition) as places
    from readmodel.positions join readmodel.builds on build = reader
    where state = 'live' group by projection order by projection`
  return Object.fromEntries(rows.map(({ projection, places }) => [projection, places]))
}

/** Their own channel has the id of the account, whether or not it is there yet. */
const channelsOf = async (sql: Sql, accountId: string): Promise<readonly string[]> => {
  const rows = await sql<{ readonly id: string }[]>`
    select channel_id::text as id from readmodel.channels where owner_id = ${accountId} order by channel_id`
  return [...new Set([accountId, ...rows.map(({ id }) => id)])]
}

type Parts = {
  readonly sql: Sql
  readonly readModels: Dependency
  readonly vault: Parameters<typeof vaultFiles>[0]
  readonly audit: Pick<AuditEdge, 'rows' | 'keys'>
}

/** All that the platform has about people. */
export const personalSource = ({ sql, readModels, vault, audit }: Parts): PersonalSource => {
  const { readPage, ...rest } = guarded(readModels, {
    readPage: (...asked: Parameters<typeof readPersonalPage> extends [Sql, ...infer Rest] ? Rest : never) =>
      readPersonalPage(sql, ...asked),
    positions: () => positionsOf(sql),
    channelsOf: (accountId: string) => channelsOf(sql, accountId),
  })
  return {
    ...rest,
    files: [...personalTables.map((table) => fileOf(table, readPage)), ...vaultFiles(vault), ...auditFiles(audit)],
    notIncluded: { ...readModelsNotExported, ...vaultNotExported, ...othersNotExported, ...elsewhere },
  }
}
