import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Sql } from 'postgres'
import { compilePolicy } from '#libs/policy/compile.ts'
import { parsePolicy } from '#libs/policy/parse.ts'
import { type MadePast, madePast } from '#libs/policy/past.fixtures.ts'
import { ensureBuild } from '#libs/readmodel/builds.ts'
import { readModelFixture } from '#libs/readmodel/readmodel.fixtures.ts'
import { channelsProjection } from '../projections/channels.ts'
import { messagesProjection } from '../projections/messages.ts'
import { pastMessages } from './past-messages.ts'
import { tryPolicy } from './trial.ts'

const noKeys = { prefetch: async () => {}, open: () => undefined, forget: () => {} }
const channel = '7'
const since = 1_780_000_000_000
const moderator = '9'

type Models = { readonly sql: Sql; readonly lane: string; readonly log: string }

const readModels = async (t: TestContext): Promise<Models> => {
  const { sql, journal } = await readModelFixture(t)
  const messages = await ensureBuild(sql, messagesProjection(noKeys), journal.places)
  const channels = await ensureBuild(sql, channelsProjection(noKeys), journal.places)
  assert.ok(messages && channels)
  return { sql, lane: `${messages.build}.lane_rows`, log: `${channels.build}.moderation_log` }
}

type Said = { readonly seq: number; readonly at: number; readonly author: string; readonly text: string | null }

const say = ({ sql, lane }: Models, said: readonly (Said & { readonly deleted?: boolean })[]) =>
  sql.unsafe(
    `insert into ${lane} (channel_id, seq, type, command_id, at, n, subject, name, text, deleted_by)
     select ${channel}, seq, 'MessagePosted', 'message-' || seq, at, seq, author, 'name', text,
       case when deleted then 1000000 + seq end
     from jsonb_to_recordset($1) as said (seq bigint, at bigint, author bigint, text text, deleted boolean)`,
    [said as never],
  )

type Done = {
  readonly action: string
  readonly at: number
  readonly actor: string
  readonly member: string
  readonly message?: string
}

const act = ({ sql, log }: Models, done: readonly Done[]) =>
  sql.unsafe(
    `insert into ${log} (channel_id, moderation_seq, at, command_id, actor, action, member, message_id)
     select ${channel}, row_number() over (), at, 'command', actor, action, member, message
     from jsonb_to_recordset($1) as done (action text, at bigint, actor bigint, member bigint, message text)`,
    [done as never],
  )

const keep = async (models: Models, { messages }: MadePast): Promise<void> => {
  await say(
    models,
    messages.map(({ seq, at, author, text, moderated }) => ({ seq, at, author, text, deleted: moderated })),
  )
  await act(
    models,
    messages
      .filter(({ moderated }) => moderated)
      .map(({ seq, at, author }) => ({
        action: 'delete_message',
        at: at + 5,
        actor: moderator,
        member: author,
        message: `message-${seq}`,
      })),
  )
}

const grifters = () => {
  const text = JSON.stringify({ format: 1, rules: [{ id: 'r', kind: 'phrases', phrases: [{ text: 'grifter' }] }] })
  const parsed = parsePolicy(text)
  assert.ok(parsed.ok)
  const compiled = compilePolicy(parsed.policy, 1)
  assert.ok(compiled.ok)
  return compiled
}

test('a policy tried over 12,000 kept messages finds what was made, and moderators’ acts with it', async (t) => {
  const models = await readModels(t)
  const past = madePast(3, 12_000, since)
  await keep(models, past)
  const page = pastMessages(models.sql)
  const result = await tryPolicy(grifters(), since, (asked) => page(channel, asked))
  assert.equal(result.messages, 12_000)
  assert.deepEqual(result.confusion, {
    truePositive: past.blockedModerated,
    falsePositive: past.blockedLeft,
    falseNegative: past.otherModerated,
    trueNegative: past.otherLeft,
  })
  const half = await tryPolicy(grifters(), since + 6_000_000, (asked) => page(channel, asked))
  assert.equal(half.messages, 6_000)
})

test('what counts as moderated is what others did by hand, and soon', async (t) => {
  const models = await readModels(t)
  const said = (seq: number, author: string, rest: object = {}) => ({
    seq,
    at: since + seq,
    author,
    text: 'hi',
    ...rest,
  })
  await say(models, [
    said(1, '11', { deleted: true }),
    said(2, '12', { deleted: true }),
    said(3, '13'),
    said(4, '14'),
    said(5, '15'),
    said(6, '16'),
    said(7, '17', { text: null }),
  ])
  await act(models, [
    { action: 'delete_message', at: since + 10, actor: moderator, member: '11', message: 'message-1' },
    { action: 'delete_message', at: since + 10, actor: '12', member: '12', message: 'message-2' },
    { action: 'time_out_member', at: since + 50_000, actor: moderator, member: '13' },
    { action: 'ban_member', at: since + 61_000, actor: moderator, member: '14' },
    { action: 'time_out_member', at: since + 10, actor: '0', member: '15', message: 'message-8' },
    { action: 'assign_role', at: since + 10, actor: moderator, member: '16' },
  ])
  const found = await pastMessages(models.sql)(channel, { since, after: undefined })
  assert.deepEqual(
    found.map(({ seq, moderated }) => [seq, moderated]),
    [
      [1, true],
      [2, false],
      [3, true],
      [4, false],
      [5, false],
      [6, false],
    ],
  )
  assert.deepEqual(await pastMessages(models.sql)(channel, { since, after: 6 }), [])
  assert.deepEqual(await pastMessages(models.sql)('8', { since, after: undefined }), [])
})

test('a trial that nobody waits for any more stops', async () => {
  const aborted = AbortSignal.abort(new Error('gone'))
  await assert.rejects(
    tryPolicy(grifters(), since, () => assert.fail('asked although nobody waits'), aborted),
    /gone/,
  )
})
