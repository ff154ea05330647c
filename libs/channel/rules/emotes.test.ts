import { test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import { happened, specification } from '#libs/testing/specification.ts'
import {
  broadcaster,
  created,
  given,
  lead,
  logged,
  moderator,
  otherViewer,
  posted,
  staffed,
  viewer,
} from '../channel.fixtures.ts'
import { channelDecider } from '../decider.ts'
import { platformKey } from '../emotes/emotes.ts'
import { encodeEntities } from '../entities.ts'
import type { ChannelDraft, ChannelDraftOf } from '../events.ts'

const image = 'a'.repeat(64)
const add = (name: string, tier: number | null = null) =>
  ({ type: 'AddEmote', name, image, moving: false, width: 32, tier, reason: null }) as const
const change = (fields: object) =>
  ({ type: 'ChangeEmote', ...channelAbsent.ChangeEmote, emoteId: 'cat', ...fields }) as const
const post = (text: string) => ({ type: 'PostMessage', ...channelAbsent.PostMessage, text }) as const
const byOwner = { principal: broadcaster }

const added = (fields: Partial<ChannelDraftOf<'EmoteAdded'>> = {}): ChannelDraft => ({
  type: 'EmoteAdded',
  seq: 2,
  actor: broadcaster,
  name: 'catJAM',
  image,
  moving: false,
  width: 32,
  tier: null,
  ...fields,
})
const cat = happened(added(), { commandId: 'cat' })
const subscriberCat = happened(added({ tier: 2 }), { commandId: 'cat' })
const changed = (fields: Partial<ChannelDraftOf<'EmoteChanged'>>): ChannelDraft => ({
  type: 'EmoteChanged',
  seq: 3,
  actor: broadcaster,
  emoteId: 'cat',
  name: 'catJAM',
  tier: null,
  enabled: true,
  ...fields,
})
const noted = (action: 'add_emote' | 'change_emote' | 'remove_emote', fields: object = {}): ChannelDraft =>
  logged({ actor: broadcaster, action, label: 'catJAM', ...fields })
const subscribed = (tier: number): ChannelDraft => ({
  type: 'SubscriptionGranted',
  seq: 3,
  actor: broadcaster,
  member: viewer,
  tier,
  until: null,
})

const emote = (from: number, to: number, more: object = {}) =>
  encodeEntities([{ kind: 'emote', from, to, name: 'catJAM', id: 'cat', ...more }])

test('whoever looks after the emotes adds one, with a name that nobody else has', () => {
  given([created()])
    .when({ ...add('catJAM'), reason: 'by request' }, byOwner)
    .then([added(), noted('add_emote', { reason: 'by request' })])
  given(staffed)
    .when(add('catJAM'), { principal: lead })
    .then([added({ actor: lead, seq: 6 }), noted('add_emote', { actor: lead })])
  for (const principal of [moderator, viewer])
    given(staffed)
      .when(add('catJAM'), { principal })
      .thenRejected({ code: 'channel.forbidden', action: 'manage_emotes' })
  given([]).when(add('catJAM'), byOwner).thenRejected({ code: 'channel.unknown' })
  given([created(), cat]).when(add('CATjam'), byOwner).thenRejected({ code: 'channel.emote_name_taken', by: 'channel' })
  given([created()])
    .when(add('Kappa'), { ...byOwner, facts: { globalEmotes: 'Kappa=1' } })
    .thenRejected({ code: 'channel.emote_name_taken', by: 'platform' })
})

test('a name is of few letters, a picture one that was stored, a tier one that there is', () => {
  for (const name of ['a', '42', 'a b', 'ab:c', 'é1', 'x'.repeat(33)])
    given([created()]).when(add(name), byOwner).thenRejected({ code: 'channel.emote_name_invalid' })
  given([created()])
    .when(add('catJAM', 1_001), byOwner)
    .thenRejected({ code: 'channel.tier_out_of_range', min: 1, max: 1_000 })
  given([created()])
    .when({ ...add('catJAM'), image: '../../x' }, byOwner)
    .thenRejected({ code: 'channel.emote_image_invalid' })
})

test('there are so many emotes and no more', () => {
  const full = Array.from({ length: 500 }, (_, index) =>
    happened(added({ name: `cat${index}`, seq: index + 2 }), { commandId: `cat${index}` }),
  )
  given([created(), ...full])
    .when(add('dog'), byOwner)
    .thenRejected({ code: 'channel.too_many_emotes', max: 500 })
})

test('an emote is renamed, given to subscribers, switched off and on, and removed', () => {
  given([created(), cat])
    .when(change({ name: 'CatJam' }), byOwner)
    .then([changed({ name: 'CatJam' }), noted('change_emote', { label: 'CatJam' })])
  given([created(), cat])
    .when(change({ tier: 1, reason: 'a gift' }), byOwner)
    .then([changed({ tier: 1 }), noted('change_emote', { reason: 'a gift' })])
  given([created(), subscriberCat])
    .when(change({ tier: 0 }), byOwner)
    .then([changed({}), noted('change_emote')])
  given([created(), cat])
    .when(change({ enabled: false }), byOwner)
    .then([changed({ enabled: false }), noted('change_emote')])
  given([created(), cat]).when(change({}), byOwner).thenRejected({ code: 'channel.nothing_to_change' })
  given([created()])
    .when(change({ tier: 1 }), byOwner)
    .thenRejected({ code: 'channel.emote_unknown' })
  given([created(), cat])
    .when({ type: 'RemoveEmote', emoteId: 'cat', reason: 'stolen' }, byOwner)
    .then([
      { type: 'EmoteRemoved', seq: 3, actor: broadcaster, emoteId: 'cat' },
      noted('remove_emote', { reason: 'stolen' }),
    ])
  for (const unfit of [
    { ...add('hey'), reason: 'x'.repeat(513) },
    change({ enabled: false, reason: 'x'.repeat(513) }),
    { type: 'RemoveEmote', emoteId: 'cat', reason: 'x'.repeat(513) } as const,
  ])
    given([created(), cat])
      .when(unfit, byOwner)
      .thenRejected({ code: 'channel.text_too_long', field: 'reason', max: 512 })
  given([created()])
    .when({ type: 'RemoveEmote', emoteId: 'cat', reason: null }, byOwner)
    .thenRejected({ code: 'channel.emote_unknown' })
  const dog = happened(added({ name: 'dog', seq: 3 }), { commandId: 'dog' })
  given([created(), cat, dog])
    .when(change({ name: 'DOG' }), byOwner)
    .thenRejected({ code: 'channel.emote_name_taken', by: 'channel' })
})

test('a message tells where its emotes stand, written as they are called', () => {
  given([created(), cat])
    .when(post('look catJAM !'))
    .then([posted({ seq: 3, text: 'look catJAM !', entities: emote(5, 11) })])
  for (const text of ['catjam here', 'catJAM! wow', '`catJAM`x y'])
    given([created(), cat])
      .when(post(text))
      .then([
        posted({
          seq: 3,
          text,
          entities: text.includes('`') ? encodeEntities([{ kind: 'code', from: 0, to: 8 }]) : null,
        }),
      ])
})

test('what is off or removed is a word like any other', () => {
  for (const after of [
    changed({ enabled: false }),
    { type: 'EmoteRemoved', seq: 3, actor: broadcaster, emoteId: 'cat' } as const,
  ])
    given([created(), cat, after])
      .when(post('hm catJAM'))
      .then([posted({ seq: 4, text: 'hm catJAM' })])
})

test('modifiers stand behind an emote, known ones and each once', () => {
  const text = 'so catJAM:mirror:slow'
  given([created(), cat])
    .when(post(text))
    .then([posted({ seq: 3, text, entities: emote(3, 21, { modifiers: ['mirror', 'slow'] }) })])
  for (const word of ['catJAM:explode', 'catJAM:', 'catJAM:slow:slow', 'catJAM:slow:fast:flip:wide:spin:love'])
    given([created(), cat])
      .when(post(`so ${word}`))
      .then([posted({ seq: 3, text: `so ${word}` })])
})

test('what is for subscribers is used by those of the tier, and by the broadcaster', () => {
  given([created(), subscriberCat, subscribed(1)])
    .when(post('hm catJAM'))
    .then([posted({ seq: 4, text: 'hm catJAM', tier: 1 })])
  given([created(), subscriberCat, subscribed(2)])
    .when(post('hm catJAM'))
    .then([posted({ seq: 4, text: 'hm catJAM', tier: 2, entities: emote(3, 9) })])
  given([created(), subscriberCat])
    .when(post('hm catJAM'), byOwner)
    .then([
      posted({
        seq: 3,
        text: 'hm catJAM',
        author: broadcaster,
        authorName: 'Viewer',
        role: 'broadcaster',
        entities: emote(3, 9),
      }),
    ])
})

test('the platform has emotes for every channel, and the channel’s own come first', () => {
  const knows = (globalEmotes: string) => ({ facts: { displayName: 'Viewer', globalEmotes } })
  given([created()])
    .when(post('hm Kappa'), knows('Kappa=k'))
    .then([
      posted({
        seq: 2,
        text: 'hm Kappa',
        entities: encodeEntities([{ kind: 'emote', from: 3, to: 8, name: 'Kappa', id: 'k' }]),
      }),
    ])
  given([created(), cat])
    .when(post('hm catJAM'), knows('catJAM=other'))
    .then([posted({ seq: 3, text: 'hm catJAM', entities: emote(3, 9) })])
})

test('in emote-only mode a message of emotes passes, and a word that only looks like one does not', () => {
  const only: ChannelDraft = { type: 'ModeChanged', seq: 3, actor: broadcaster, mode: 'emote_only', value: 1, since: 0 }
  given([created(), cat, only])
    .when(post('catJAM catJAM 🎉'))
    .then([
      posted({
        seq: 4,
        text: 'catJAM catJAM 🎉',
        entities: encodeEntities([
          { kind: 'emote', from: 0, to: 6, name: 'catJAM', id: 'cat' },
          { kind: 'emote', from: 7, to: 13, name: 'catJAM', id: 'cat' },
        ]),
      }),
    ])
  given([created(), cat, only]).when(post('catJAM dogJAM')).thenRejected({ code: 'channel.emote_only' })
})

const keyed = 'keyed emote cat'
const fingerprint = (text: string) => `keyed ${text}`
const alone = (author: string, seq: number, combo: number | null = null): ChannelDraft =>
  posted({ seq, author, authorName: author, text: 'catJAM', entities: emote(0, 6), emoteOnly: keyed, combo })
const says = (principal: string) => ({ principal, fingerprint, facts: { displayName: principal } })

test('the same emote by one after another is counted, each of them once', () => {
  given([created(), cat])
    .when(post('catJAM'), says(viewer))
    .then([alone(viewer, 3)])
  given([created(), cat, alone(viewer, 3)])
    .when(post(' catJAM '), says(otherViewer))
    .then([
      posted({
        ...alone(otherViewer, 4, 2),
        text: ' catJAM ',
        entities: emote(1, 7),
      } as ChannelDraftOf<'MessagePosted'>),
    ])
  given([created(), cat, alone(viewer, 3)])
    .when(post('catJAM'), says(viewer))
    .then([alone(viewer, 4)])
  given([created(), cat, alone(viewer, 3), alone(otherViewer, 4, 2)])
    .when(post('catJAM'), says(viewer))
    .then([alone(viewer, 5, 2)])
})

test('anything else that everybody sees ends a combo, and what only some see does not', () => {
  const word = posted({ seq: 4, author: lead })
  given([created(), cat, alone(viewer, 3), word])
    .when(post('catJAM'), says(otherViewer))
    .then([alone(otherViewer, 5)])
  const unseen = posted({ seq: 4, author: lead, seenBy: 'author' })
  given([created(), cat, alone(viewer, 3), unseen])
    .when(post('catJAM'), says(otherViewer))
    .then([alone(otherViewer, 5, 2)])
})

test('emotes of the platform are looked after by its staff, and have no tiers', () => {
  const platform = specification(channelDecider, {
    key: platformKey,
    seal: codecs.channel.sealEvent,
    context: { principal: viewer, facts: { platformRole: 'admin' } },
  })
  platform
    .given([])
    .when(add('Kappa'))
    .then([added({ seq: 1, actor: viewer, name: 'Kappa' }), noted('add_emote', { actor: viewer, label: 'Kappa' })])
  platform
    .given([])
    .when(add('Kappa'), { facts: { platformRole: 'user' } })
    .thenRejected({ code: 'channel.forbidden', action: 'manage_emotes' })
  platform.given([]).when(add('Kappa', 1)).thenRejected({ code: 'channel.tier_out_of_range', min: 1, max: 1_000 })
  platform.given([]).when(post('hi')).thenRejected({ code: 'channel.unknown' })
})
