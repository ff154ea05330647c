import { type Config, ConfigError } from '#libs/config/config.ts'
import { IntegratorError } from '#libs/integration/access/errors.ts'
import { openPostgres } from '#libs/postgres/open.ts'

type Found = { readonly id: string; readonly names: readonly (string | null)[] }

/**
 * Ids of the channels that go by these names: an id, a slug, or the handle of whose own channel it is.
 * @throws IntegratorError `integrator.channel_unknown`, with all that are not there
 */
export const channelsNamed = async (
  { databaseUrl }: Pick<Config, 'databaseUrl'>,
  names: readonly string[],
): Promise<readonly string[]> => {
  if (names.length === 0) throw new ConfigError('No channel is named: --channels 1000,lobby')
  const sql = openPostgres(databaseUrl, { max: 1 })
  try {
    const wanted = names.map((name) => name.toLowerCase())
    const found = await sql<Found[]>`
      select channel_id::text as id, array[channel_id::text, lower(slug), lower(handle)] as names
      from readmodel.channels left join readmodel.accounts on account_id = channel_id
      where channel_id::text in ${sql(wanted)} or lower(slug) in ${sql(wanted)} or lower(handle) in ${sql(wanted)}`
    const unknown = names.filter((_, index) => !found.some((channel) => channel.names.includes(wanted[index] ?? '')))
    if (unknown.length > 0)
      throw new IntegratorError('integrator.channel_unknown', `There is no channel ${unknown.join(', ')}.`)
    return found.map(({ id }) => id).sort()
  } finally {
    await sql.end({ timeout: 5 })
  }
}
