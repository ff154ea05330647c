import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messagesProjection } from '#libs/channel/projections/messages.ts'
import { ensureBuild } from '#libs/readmodel/builds.ts'
import { plansOf } from '#libs/readmodel/plans.fixtures.ts'
import { readModelFixture } from '#libs/readmodel/readmodel.fixtures.ts'
import { channelsProjection } from '../projections/channels.ts'
import { channelHistory } from './history.ts'
import { messageById } from './messages.ts'
import { channelReads } from './reads.ts'

const noKeys = { prefetch: async () => {}, open: () => undefined, forget: () => {} }
const noWaiter = { wait: async () => {}, close: async () => {} }

const channel = '7'

test('every hot query on channels goes by an index, however much there is', async (t) => {
  const { databaseUrl, sql, journal } = await readModelFixture(t)
  const [messages, channels] = await Promise.all(
    [messagesProjection(noKeys), channelsProjection(noKeys)].map(async (projection) => {
      const build = await ensureBuild(sql, projection, journal.places)
      return String(build?.build)
    }),
  )
  await sql.unsafe(`
    insert into ${messages}.lane_rows (channel_id, seq, type, command_id, at, n, subject, name, text)
      select c, s, case when s % 10 = 0 then 'RoleAssigned' else 'MessagePosted' end, c || '-' || s, s, s, s % 100, 'n', 't'
      from generate_series(1, 20) c, generate_series(1, 1000) s;
    insert into ${messages}.clears (channel_id, seq, n) select c, s, s from generate_series(1, 20) c, generate_series(1, 100) s;
    insert into ${messages}.purges (channel_id, author, seq, n)
      select c, s, s, s from generate_series(1, 20) c, generate_series(1, 100) s;
    insert into ${channels}.channels (channel_id, owner_id, created_at, settings_n, roles_n, seq)
      select c, c, 0, 1, 1, 1 from generate_series(1, 5000) c;
    insert into ${channels}.roles select c, m, 'vip', 1 from generate_series(1, 500) c, generate_series(1, 10) m;
    insert into ${channels}.moderation_log (channel_id, moderation_seq, at, command_id, actor, action)
      select c, s, 0, 'x', 1, 'delete_message' from generate_series(1, 50) c, generate_series(1, 200) s;
    analyze ${messages}.lane_rows; analyze ${messages}.clears; analyze ${messages}.purges; analyze ${channels}.channels; analyze ${channels}.roles;
    analyze ${channels}.moderation_log;`)
  /** Whether a clear has taken it is one look at an index for each message. */
  const plans = async (ask: Parameters<typeof plansOf>[1]) =>
    (await plansOf(databaseUrl, ask)).filter((access) => !/^Index (Only )?Scan (clears|purges)_pkey$/.test(access))
  const history = (ask: (history: ReturnType<typeof channelHistory>) => Promise<unknown>) =>
    plans((spied) => ask(channelHistory(spied, noWaiter)))
  const reads = (ask: (reads: ReturnType<typeof channelReads>) => Promise<unknown>) =>
    plans((spied) => ask(channelReads(spied)))

  const lane = ['Index Scan lane_rows_pkey']
  assert.deepEqual(await reads((each) => each.messages(channel, { limit: 50 })), lane)
  assert.deepEqual(await reads((each) => each.messages(channel, { before: 500, limit: 50 })), lane)
  assert.deepEqual(await reads((each) => each.messages(channel, { after: 500, limit: 50 })), lane)
  assert.deepEqual(await history((each) => each.between(channel, 400, 450)), lane)
  assert.deepEqual(await history((each) => each.startOfLast(channel, 50, 900)), lane)
  assert.deepEqual(await plans((spied) => messageById(spied, channel, '7-11')), ['Index Scan lane_rows_message'])
  assert.match(String(await reads((each) => each.roleOf(channel, '3'))), /^Index Scan roles_\w+$/)
  for (const accesses of [
    await reads((each) => each.channel(channel)),
    await reads((each) => each.roles(channel)),
    await history((each) => each.open(channel, null)),
  ])
    assert.deepEqual(
      accesses.filter((access) => access.startsWith('Seq Scan')),
      [],
    )
  assert.deepEqual(await reads((each) => each.moderationLog(channel, { limit: 50 })), [
    'Index Scan moderation_log_pkey',
  ])
})
