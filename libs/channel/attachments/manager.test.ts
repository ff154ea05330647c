import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { Copied, Sealed } from '#libs/contracts/sealed.ts'
import { picture } from '#libs/images/images.fixtures.ts'
import { createImages } from '#libs/images/images.ts'
import { createMemoryObjects } from '#libs/journal/objects/memory.ts'
import type { Detail, OutcomeRecord } from '#libs/journal/outcome.ts'
import type { ChannelEvent } from '../events.ts'
import { encodeAttachment } from './attachments.ts'
import { attachmentsManager } from './manager.ts'
import { createAttachmentStore, maxUploads, sweepUploads } from './store.ts'

const channel = '500'
const [ada, bob] = ['7', '8'] as const
const day = 86_400_000

const setUp = () => {
  let at = 1_700_000_000_000
  const objects = createMemoryObjects()
  const store = createAttachmentStore(objects, createImages(objects), () => at)
  const manager = attachmentsManager(objects)
  const happen = async (event: ChannelEvent, key = channel, commandId = 'command') => {
    // What the decision says of itself, by which records without pictures are passed over.
    const summary: Detail =
      (event.type === 'MessagePosted' || event.type === 'MessageHeld') && event.attachments
        ? { attachments: event.attachments.length }
        : {}
    const outcome = { kind: 'accepted', events: [codecs.channel.encodeEvent(event)], summary } as const
    const record: Pick<OutcomeRecord, 'key' | 'at' | 'outcome' | 'commandId'> = { key, at, outcome, commandId }
    // Told twice, as after a restart: it changes nothing more.
    for (const _ of ['once', 'again'])
      for (const task of await manager.prepare([record as OutcomeRecord]))
        await task.run(new AbortController().signal, { decided: 0, parked: false })
  }
  const take = async (author: string) => {
    return store.take(author, channel, await picture('png'))
  }
  /** @returns whether the picture is there */
  const show = async (author: string, seq: number) => {
    const attachment = await take(author)
    const sealed = Buffer.from('x') as Sealed
    await happen({
      type: 'MessagePosted',
      ...channelAbsent.MessagePosted,
      seq,
      author,
      authorName: sealed,
      text: sealed,
      attachments: [encodeAttachment(attachment)],
    })
    return async () => (await store.read(author, channel, attachment.id, 'thumb')) !== undefined
  }
  /** @returns its events so far, and whether the picture is there */
  const hold = async (author: string, messageId: string) => {
    const attachment = await take(author)
    const attachments = [encodeAttachment(attachment)]
    const sealed = Buffer.from('x') as Sealed & Copied
    const told = { author, authorName: sealed, text: sealed, attachments } as const
    const held = { ...channelAbsent.MessageHeld, ...told, moderationSeq: 1, cause: 'low_trust' } as const
    await happen({ type: 'MessageHeld', ...held }, channel, messageId)
    const approve = (seq: number) => {
      const approved = { ...channelAbsent.HeldMessageApproved, ...told, seq, messageId, heldEvent: `${messageId}/0` }
      return happen({ type: 'HeldMessageApproved', ...approved })
    }
    const deny = () => happen({ type: 'HeldMessageDenied', messageId, author, cause: 'expired' })
    const isThere = async () => (await store.read(author, channel, attachment.id, 'thumb')) !== undefined
    return { approve, deny, isThere }
  }
  const there = (...asked: readonly (() => Promise<boolean>)[]) => Promise.all(asked.map((each) => each()))
  const wait = (ms: number) => {
    at += ms
  }
  const now = () => at
  return { objects, store, take, show, hold, there, happen, wait, now }
}

const deleted = (fields: Partial<Extract<ChannelEvent, { type: 'MessagesDeleted' }>>): ChannelEvent => ({
  type: 'MessagesDeleted',
  ...channelAbsent.MessagesDeleted,
  seq: 10,
  ...fields,
})

describe('pictures of messages', () => {
  test('go with their message, and no other does', async () => {
    const { objects, show, there, happen } = setUp()
    const [one, other] = [await show(ada, 2), await show(ada, 22)]
    assert.deepEqual(await there(one, other), [true, true])
    await happen({
      type: 'MessageDeleted',
      ...channelAbsent.MessageDeleted,
      seq: 23,
      messageId: 'm',
      messageSeq: 2,
      author: ada,
    })
    assert.deepEqual(await there(one, other), [false, true])
    assert.equal((await objects.list('attached/')).length, 1)
  })

  test('go with all that somebody has written, with those that are named, and with everything', async () => {
    const { show, there, happen } = setUp()
    const all = [await show(ada, 2), await show(bob, 3), await show(ada, 4), await show(bob, 11)]
    await happen(deleted({ author: ada }), '501')
    assert.deepEqual(await there(...all), [true, true, true, true], 'of another channel')
    await happen(deleted({ messageSeqs: [4] }))
    assert.deepEqual(await there(...all), [true, true, false, true])
    await happen(deleted({ author: ada }))
    assert.deepEqual(await there(...all), [false, true, false, true])
    await happen(deleted({ messageSeqs: Array.from({ length: 40 }, (_, index) => index) }))
    assert.deepEqual(await there(...all), [false, false, false, true], 'what came later stays')
    await happen(deleted({ seq: 12 }))
    assert.deepEqual(await there(...all), [false, false, false, false])
  })

  test('of others are not looked through for somebody who has shown none', async () => {
    const { objects, show, there, happen } = setUp()
    const shown = await show(bob, 2)
    const { list } = objects
    const listed: string[] = []
    Object.assign(objects, {
      list: (prefix: string) => {
        listed.push(prefix)
        return list(prefix)
      },
    })
    await happen(deleted({ author: ada }))
    assert.deepEqual(new Set(listed), new Set([`attachments/${ada}/${channel}/`]))
    await happen(deleted({ author: bob }))
    assert.deepEqual(await there(shown), [false])
  })

  test('go with the history that is kept no longer', async () => {
    const { show, there, happen, wait, now } = setUp()
    const old = await show(ada, 2)
    wait(day)
    const young = await show(ada, 3)
    await happen({ type: 'HistoryTrimmed', before: now() })
    assert.deepEqual(await there(old, young), [false, true])
  })

  test('wait with their message for as long as it does, and are shown, or gone, with what is decided', async () => {
    const { objects, hold, there, happen, wait, now } = setUp()
    const [one, other] = [await hold(ada, 'one'), await hold(bob, 'other')]
    wait(day + 3_600_000)
    await sweepUploads(objects, now())
    assert.deepEqual(await there(one.isThere, other.isThere), [true, true])
    await one.approve(2)
    await other.deny()
    assert.deepEqual(await there(one.isThere, other.isThere), [true, false])
    assert.deepEqual(await objects.list('waiting/'), [])
    await happen(deleted({ author: ada }))
    assert.deepEqual(await there(one.isThere), [false])
    assert.deepEqual([...(await objects.list('attached/')), ...(await objects.list('attachments/'))], [])
  })

  test('that no message shows are few, and go within a day', async () => {
    const { objects, take, show, wait } = setUp()
    const shown = await show(ada, 2)
    for (let count = 0; count < maxUploads; count++) await take(ada)
    await assert.rejects(take(ada), { code: 'channel.too_many_uploads' })
    await take(bob)
    wait(day + 1)
    await take(ada)
    assert.equal((await objects.list(`uploads/${ada}/`)).length, 1)
    assert.equal((await objects.list(`attachments/${ada}/`)).length, 4)
    assert.equal(await shown(), true)
  })

  test('of messages without any nothing is read', async () => {
    const unreadable = { type: 'MessagePosted', version: 1, bytes: Buffer.alloc(0) }
    const outcome = { kind: 'accepted', events: [unreadable], summary: { seq: 1 } } as const
    const record = { key: channel, at: 1, outcome } as unknown as OutcomeRecord
    assert.deepEqual(await attachmentsManager(createMemoryObjects()).prepare([record]), [])
  })

  test('are found by a name, though an erasure has gone by while they came in', async () => {
    const { objects, now } = setUp()
    let gone = false
    const put: typeof objects.put = async (name, bytes) => {
      await objects.put(name, bytes)
      // All names go just before there are bytes.
      if (!gone) await objects.remove(name)
      gone = true
    }
    await createAttachmentStore({ ...objects, put }, createImages(objects), now).take(
      ada,
      channel,
      await picture('png'),
    )
    assert.equal((await objects.list(`attachments/${ada}/`)).length, 2)
    await sweepUploads(objects, now() + day + 1)
    assert.deepEqual(await objects.list(''), [])
  })

  test('are no larger than they were sent, and fit into what is served', async () => {
    const { store } = setUp()
    const small = await store.take(ada, channel, await picture('png', 100, 40))
    assert.deepEqual([small.width, small.height], [100, 40])
    const large = await store.take(ada, channel, await picture('png', 1000, 3000))
    assert.deepEqual([large.width, large.height], [683, 2048])
  })
})
