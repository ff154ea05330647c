import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uuidv7 } from '#libs/journal/ids.ts'
import { created, peopleFixture } from '#libs/readmodel/people.fixtures.ts'
import { quiet, readModelFixture } from '#libs/readmodel/readmodel.fixtures.ts'
import { rebuild } from '#libs/readmodel/rebuild.ts'
import { platformKey } from '../emotes/emotes.ts'
import { emoteReads, globalEmoteReads } from '../emotes/reads.ts'
import type { ChannelDraft } from '../events.ts'
import { emotesProjection } from './emotes.ts'

const channel = '1001'
const ids = { cat: uuidv7(), dog: uuidv7(), kappa: uuidv7() }

const added = (seq: number, name: string, tier: number | null = null): ChannelDraft => ({
  type: 'EmoteAdded',
  seq,
  actor: channel,
  name,
  image: name.padEnd(64, '0'),
  moving: false,
  width: 32,
  tier,
})

test('a manifest has what is there of the channel and of the platform, and pictures of what is not', async (t) => {
  const fixture = await readModelFixture(t)
  const { journal, run, sql, connect } = fixture
  const { channelRecord, vault } = await peopleFixture(fixture.databaseUrl, [channel])
  fixture.closing(vault.close)
  const changed: ChannelDraft = {
    type: 'EmoteChanged',
    seq: 4,
    actor: channel,
    emoteId: ids.dog,
    name: 'doge',
    tier: null,
    enabled: false,
  }
  // One is added, changed and removed within what is read at once.
  await journal.write('channel', 0, [
    channelRecord(channel, [created(channel, channel)]),
    channelRecord(channel, [added(2, 'cat')], { commandId: ids.cat }),
    channelRecord(channel, [added(3, 'dog', 2)], { commandId: ids.dog }),
    channelRecord(channel, [changed]),
    channelRecord(channel, [{ type: 'EmoteRemoved', seq: 5, actor: channel, emoteId: ids.cat }]),
  ])
  const kappa = channelRecord(platformKey, [added(1, 'Kappa')], { commandId: ids.kappa })
  await journal.write('channel', 1, [kappa, channelRecord(platformKey, [added(2, 'LUL')])])
  await (await run(emotesProjection)).caughtUp()
  const reads = emoteReads(sql)
  const namesOf = async (key: string) => {
    const manifest = await reads.manifest(key)
    return [manifest.channel, manifest.platform].map((emotes) =>
      emotes.map(({ name, tier, enabled }) => ({ name, tier, enabled })),
    )
  }
  const [own, platform] = [
    [{ name: 'doge', tier: null, enabled: false }],
    [
      { name: 'Kappa', tier: null, enabled: true },
      { name: 'LUL', tier: null, enabled: true },
    ],
  ]
  assert.deepEqual(await namesOf(channel), [own, platform])
  assert.deepEqual(await namesOf(platformKey), [[], platform])
  assert.equal(await reads.image(ids.cat), 'cat'.padEnd(64, '0'))
  assert.equal(await reads.image('nobody'), undefined)
  const globals = globalEmoteReads(sql)
  assert.equal((await globals.load()).get('Kappa'), ids.kappa)
  const before = [await globals.version(), (await reads.manifest(channel)).version]
  const off: ChannelDraft = { ...changed, seq: 3, emoteId: ids.kappa, name: 'Kappa' }
  await journal.write('channel', 1, [channelRecord(platformKey, [off])])
  await (await run(emotesProjection)).caughtUp()
  assert.deepEqual([...(await globals.load()).keys()], ['LUL'])
  const after = [await globals.version(), (await reads.manifest(channel)).version]
  assert.ok(after.every((version, index) => version > (before[index] ?? 0)))
  const { hashEqual } = await rebuild({ ...journal, sql, connect, projection: emotesProjection, logger: quiet })
  assert.ok(hashEqual)
})
