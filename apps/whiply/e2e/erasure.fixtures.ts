import assert from 'node:assert/strict'
import type { Backbone } from '#apps/http-edge/backbone.ts'
import { call, type Member, register } from '#apps/realtime-edge/people.fixtures.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import type { BroadcastCommand } from '#libs/contracts/generated/broadcast.ts'
import { broadcastAbsent } from '#libs/contracts/generated/broadcast.ts'
import { notedPng } from '#libs/images/images.fixtures.ts'
import { uuidv7 } from '#libs/journal/ids.ts'

/** A word of a channel, which stays: the name of an emote. */
export const emoteName = 'CanaryEmote5d2c81'

type Writer = { readonly url: string; readonly ada: Member }

const done = async (asked: ReturnType<typeof call>): Promise<void> => {
  const { status, text } = await asked
  assert.ok(status >= 200 && status < 300, text)
}

const act = (url: string, channel: string, { token }: Member, body: object) =>
  done(call(url, 'POST', `/v1/channels/${channel}/acts`, { token, body }))

type Cases = Writer & {
  readonly bob: Member
  readonly lobby: string
  /** A message of hers. */
  readonly said: string
  readonly words: string
}

/** Reports by her, and of what she said; an appeal; a note and what speaks for alts; and what she says of herself. */
export const writeInCases = async ({ url, ada, bob, lobby, said, words }: Cases): Promise<void> => {
  const carol = await register(url, { handle: 'carol' })
  await act(url, lobby, bob, { kind: 'report', message: said, category: 'spam' })
  await act(url, lobby, ada, { kind: 'report', member: bob.id, category: 'other', words })
  await done(call(url, 'POST', '/v1/channels', { token: bob.token, body: {} }))
  const timeout = { token: bob.token, body: { durationMs: 600_000 } }
  await done(call(url, 'PUT', `/v1/channels/${bob.id}/timeouts/${ada.id}`, timeout))
  await act(url, bob.id, ada, { kind: 'appeal', sanction: 'timeout', text: words })
  await act(url, ada.id, ada, { kind: 'add-note', member: bob.id, text: words })
  await act(url, ada.id, ada, { kind: 'link-alts', member: bob.id, alt: carol.id, evidence: words })
  await done(call(url, 'PATCH', '/v1/accounts/me', { token: ada.token, body: { bio: `I am ${words}` } }))
}

/** Pictures of hers, shown with a message, and an emote for everybody; all with a note in their files. */
export const writeInPictures = async ({ url, ada, note }: Writer & { readonly note: string }): Promise<void> => {
  const upload = async (method: string, path: string) => {
    const headers = { authorization: `Bearer ${ada.token}`, 'content-type': 'image/png' }
    const response = await fetch(`${url}${path}`, { method, headers, body: new Uint8Array(await notedPng(note)) })
    const answer = await response.text()
    assert.ok(response.ok, answer)
    return answer
  }
  await upload('PUT', '/v1/accounts/me/avatar')
  await upload('POST', `/v1/channels/${ada.id}/emotes?name=${emoteName}`)
  const on = { token: ada.token, body: { kind: 'set-mode', mode: 'attachments', value: 1 } }
  const { position } = (await call(url, 'POST', `/v1/channels/${ada.id}/acts`, on)).body
  await done(call(url, 'GET', `/v1/channels/${ada.id}?min-position=${position}`))
  const picture: { readonly id: string } = JSON.parse(await upload('POST', `/v1/channels/${ada.id}/attachments`))
  const body = { text: 'look', attachments: [picture.id] }
  await done(call(url, 'POST', `/v1/channels/${ada.id}/messages`, { token: ada.token, body }))
  await upload('POST', `/v1/channels/${ada.id}/attachments`)
}

type Broadcasts = Writer & {
  readonly backbone: Pick<Backbone, 'gateway'>
  readonly title: string
  readonly label: string
}

/** A stream key with a label, a title, and a clip of a broadcast, which stands for one that an encoder would send. */
export const writeOfBroadcasts = async ({ url, ada, backbone, title, label }: Broadcasts): Promise<void> => {
  const { token, id: channel } = ada
  const key = await call(url, 'POST', `/v1/channels/${channel}/stream-keys`, { token, body: { label } })
  assert.equal(key.status, 201, key.text)
  await done(call(url, 'PATCH', `/v1/channels/${channel}/broadcast`, { token, body: { title, category: title } }))
  const send = async (principal: string, command: BroadcastCommand) => {
    const { type, version, bytes: payload } = codecs.broadcast.encodeCommand(command)
    const facts = { role: 'broadcaster' }
    const expiresAt = Date.now() + 60_000
    const sent = { family: 'broadcast', key: channel, id: uuidv7(), principal, type, version, payload } as const
    const record = await backbone.gateway.submit({ ...sent, facts, expiresAt })
    assert.equal(record?.outcome.kind, 'accepted', JSON.stringify(record?.outcome))
  }
  const [broadcastId, at] = [uuidv7(), Date.now()]
  await send('system', {
    type: 'StartBroadcast',
    ...broadcastAbsent.StartBroadcast,
    takesOver: false,
    ...{ broadcastId, sessionId: uuidv7(), keyId: key.body.keyId },
    ...{ origin: 'http://ingest', leaseMs: 120_000, graceMs: 120_000 },
  })
  await send(channel, {
    type: 'MakeClip',
    ...{ clipId: uuidv7(), vodId: broadcastId, fromMs: at - 1_000, toMs: at + 9_000, title },
  })
}
