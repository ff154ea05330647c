import { codecs } from '#libs/contracts/codecs.ts'
import { removeImages } from '#libs/images/remove.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { hasEvent } from '#libs/readmodel/events.ts'
import { effectManager, type Manager } from '#libs/readmodel/manager.ts'
import type { ChannelEvent } from '../events.ts'
import { decodeAttachments } from './attachments.ts'
import { pictureFolder, picturesOf, putName, uploadName } from './store.ts'

type Objects = Pick<ObjectStore, 'put' | 'list' | 'remove'>

/** A picture that a message shows. The name in the store says all of it, so that a deletion finds it by its channel. */
type Shown = { readonly seq: number; readonly at: number; readonly author: string; readonly id: string }

const shownIn = (channelId: string): string => `attached/${channelId}/`

const shownName = (channelId: string, { seq, at, author, id }: Shown): string =>
  `${shownIn(channelId)}${seq}/${at}/${author}/${id}`

const shownBy = (name: string): Shown => {
  const [seq, at, author = '', id = ''] = name.split('/').slice(2)
  return { seq: Number(seq), at: Number(at), author, id }
}

/** A picture of a message that waits for a moderator: by the message, which is what is decided on. */
type Waiting = Pick<Shown, 'author' | 'id'> & { readonly messageId: string }

const waitingWith = (channelId: string, messageId: string): string => `waiting/${channelId}/${messageId}/`

const waitingName = (channelId: string, { messageId, author, id }: Waiting): string =>
  `${waitingWith(channelId, messageId)}${author}/${id}`

/** Below so many each message is asked for by itself; above, all pictures of the channel are looked through once. */
const FEW = 32

const removing = ['MessageDeleted', 'MessagesDeleted', 'HistoryTrimmed'] as const satisfies ChannelEvent['type'][]

/** What is decided of messages that wait: few, so that each is looked at. */
const deciding = ['HeldMessageApproved', 'HeldMessageDenied'] as const satisfies ChannelEvent['type'][]

const removes = hasEvent([...removing, ...deciding])

/** Most messages show none, and are not decoded for it. */
const showsPictures = ({ outcome }: OutcomeRecord): boolean =>
  outcome.kind === 'accepted' && outcome.summary.attachments !== undefined

/** Pictures that go, among those of a channel; of messages by their numbers, or of one author, where it is known which. */
type Removed = {
  readonly seqs?: readonly number[]
  readonly author?: string
  readonly isGone: (shown: Shown) => boolean
}

/** Which pictures go; undefined of what removes none. */
const removedBy = (event: ChannelEvent): Removed | undefined => {
  switch (event.type) {
    case 'MessageDeleted':
      return { seqs: [event.messageSeq], isGone: ({ seq }) => seq === event.messageSeq }
    case 'MessagesDeleted': {
      const named = event.messageSeqs && new Set(event.messageSeqs)
      return {
        ...(event.messageSeqs && event.messageSeqs.length <= FEW && { seqs: event.messageSeqs }),
        ...(event.author !== null && { author: event.author }),
        isGone: ({ seq, author }) =>
          seq < event.seq && (named?.has(seq) ?? true) && (event.author === null || author === event.author),
      }
    }
    case 'HistoryTrimmed':
      return { isGone: ({ at }) => at < event.before }
    default:
      return undefined
  }
}

/**
 * Notes where pictures are shown, or wait, and removes those of messages that are deleted, turned away, or kept no longer:
 * for good, so that what a nuke has taken is without them when it is undone.
 */
export const attachmentsManager = (objects: Objects): Manager => {
  const note = async (channelId: string, shown: Shown): Promise<void> => {
    await putName(objects, shownName(channelId, shown))
    await objects.remove(uploadName(shown.author, channelId, shown.id))
  }

  const hold = async (channelId: string, waiting: Waiting): Promise<void> => {
    await putName(objects, waitingName(channelId, waiting))
    await objects.remove(uploadName(waiting.author, channelId, waiting.id))
  }

  /** Nothing waits any more: the pictures go, or another name stands for them by now. */
  const endWait = async (channelId: string, messageId: string, isShown: boolean): Promise<void> => {
    for (const name of await objects.list(waitingWith(channelId, messageId))) {
      const [author = '', id = ''] = name.split('/').slice(3)
      if (!isShown) await removeImages(objects, pictureFolder(author, channelId, id))
      await objects.remove(name)
    }
  }

  /** Most people have shown none: all of a channel are looked through for those alone who have. */
  const hasNone = async (channelId: string, author: string | undefined): Promise<boolean> =>
    author !== undefined && (await objects.list(picturesOf(author, channelId))).length === 0

  const remove = async (channelId: string, { seqs, author, isGone }: Removed): Promise<void> => {
    if (await hasNone(channelId, author)) return
    const prefixes = seqs?.map((seq) => `${shownIn(channelId)}${seq}/`) ?? [shownIn(channelId)]
    for (const prefix of prefixes)
      for (const name of await objects.list(prefix)) {
        const shown = shownBy(name)
        if (!isGone(shown)) continue
        await removeImages(objects, pictureFolder(shown.author, channelId, shown.id))
        await objects.remove(name)
      }
  }

  return effectManager({
    name: 'attachments',
    family: 'channel',
    codecs: codecs.channel,
    types: ['MessagePosted', 'MessageHeld', ...deciding, ...removing],
    concerns: (record) => removes(record) || showsPictures(record),
    effect: (event, { at, key: channelId, commandId }) => {
      switch (event.type) {
        case 'MessagePosted':
        case 'HeldMessageApproved': {
          const { attachments, author, seq } = event
          if (attachments === null) return undefined
          return async () => {
            for (const { id } of decodeAttachments(attachments)) await note(channelId, { seq, at, author, id })
            if (event.type === 'HeldMessageApproved') await endWait(channelId, event.messageId, true)
          }
        }
        case 'MessageHeld': {
          const { attachments, author } = event
          if (attachments === null) return undefined
          return async () => {
            for (const { id } of decodeAttachments(attachments))
              await hold(channelId, { messageId: commandId, author, id })
          }
        }
        case 'HeldMessageDenied':
          return () => endWait(channelId, event.messageId, false)
        default: {
          const removed = removedBy(event)
          return removed && (() => remove(channelId, removed))
        }
      }
    },
  })
}
