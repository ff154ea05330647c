import { onSubmit } from '../account/form.js'
import { button, create } from '../dom.js'
import { createPanel } from '../panel.js'
import { wordsOf } from '../reasons.js'
import { createConversation } from './conversation.js'

/** So many of what was told live are remembered where a conversation is read: the server's answer may be a moment behind. */
const RECENT = 20

const nameOf = ({ id, name }) => name ?? `account ${id}`

/**
 * One's whispers beside the chat: with whom, how many are unread, and one conversation at a time. `follow(whisperSeq)` asks
 * the live connection for what happens from that number of the lane on; `blocks` is told whom one blocks. `elements`: panel, open, close, count, list, none,
 * back, problem, find (form), and those of a conversation.
 */
export const createWhispers = ({ api, elements, me, follow, blocks }) => {
  const { list, none, back, problem } = elements
  /** By the id of whom they are with: { with, last, unread, recent }. */
  let conversations = new Map()

  const conversation = createConversation({
    api,
    elements,
    me,
    onSent: (peer, whisper) => said(peer, whisper),
    onRead: (peer, upTo) => {
      const known = conversations.get(peer.id)
      if (!known || known.unread === 0) return
      known.unread = 0
      draw()
      // What could not be marked counts as unread once more when it is read again.
      api.markRead(peer.id, upTo).catch(() => {})
    },
  })

  const row = ({ with: peer, last, unread }) => {
    const name = nameOf(peer)
    return create(
      'li',
      {},
      button(create('strong', {}, name), () => openWith({ id: peer.id, name }), {
        'aria-label': unread ? `${name}, ${unread} unread` : name,
      }),
      create('span', { class: 'last' }, last.text ?? '…'),
      ...(unread ? [create('span', { class: 'count' }, String(unread))] : []),
    )
  }

  const draw = () => {
    const sorted = [...conversations.values()].toSorted((one, other) => other.last.whisperSeq - one.last.whisperSeq)
    list.replaceChildren(...sorted.map(row))
    none.hidden = sorted.length > 0
    panel.waiting(sorted.reduce((sum, { unread }) => sum + unread, 0))
  }

  const said = (peer, whisper) => {
    const known = conversations.get(peer.id) ?? { with: peer, unread: 0 }
    const others = known.recent?.filter(({ id }) => id !== whisper.id) ?? []
    const recent = [...others, whisper].slice(-RECENT)
    const whisperSeq = whisper.whisperSeq ?? Number.MAX_SAFE_INTEGER
    conversations.set(peer.id, { ...known, recent, last: { ...whisper, whisperSeq } })
    draw()
  }

  const showList = () => {
    conversation.close()
    back.hidden = true
    elements.conversations.hidden = false
  }

  const openWith = (peer) => {
    panel.open()
    elements.conversations.hidden = true
    back.hidden = false
    conversation.open(peer, conversations.get(peer.id)?.recent)
  }

  const load = async () => {
    problem.hidden = true
    const page = await api.conversations()
    conversations = new Map(page.conversations.map((each) => [each.with.id, each]))
    draw()
    return page.whisperSeq
  }

  onSubmit(
    elements.find,
    problem,
    async (data) => {
      const { id, name, wanted } = await api.whisperReceiver(data.get('handle').replace(/^@/, ''))
      if (id === me()?.id) throw new Error('That is you.')
      if (!wanted) throw new Error(`${nameOf({ id, name })} takes no whispers from you.`)
      openWith({ id, name: nameOf({ id, name }) })
    },
    wordsOf,
  )

  const panel = createPanel({ elements, onOpen: showList })
  back.addEventListener('click', () => {
    showList()
    list.querySelector('button')?.focus()
  })

  const failed = (error) => {
    problem.textContent = wordsOf(error)
    problem.hidden = false
  }

  const received = ({ whisperSeq, at, event: { id, from, text } }) => {
    const known = conversations.get(from.id)
    // What the list had already is told once more.
    if (known && known.last.whisperSeq !== Number.MAX_SAFE_INTEGER && whisperSeq <= known.last.whisperSeq) return
    const whisper = { id, whisperSeq, at, author: from, text }
    said(from, whisper)
    conversations.get(from.id).unread++
    if (panel.isOpen() && conversation.isWith(from.id)) conversation.happened(whisper)
    draw()
  }

  const kinds = {
    received,
    sent: async ({ whisperSeq, at, event: { id, to, text } }) => {
      const whisper = { id, whisperSeq, at, author: me(), text }
      said(conversations.get(to)?.with ?? { id: to, name: null }, whisper)
      if (conversation.isWith(to)) conversation.happened(whisper)
    },
    read: ({ event: { with: id, upTo } }) => {
      const known = conversations.get(id)
      if (!known || upTo < known.last.whisperSeq) return
      known.unread = 0
      draw()
    },
    blocked: ({ event }) => blocks.added(event.account),
    unblocked: ({ event }) => blocks.removed(event.account),
  }

  return {
    openWith,
    /** Somebody else is logged in, or nobody. */
    identified: () => {
      conversations = new Map()
      showList()
      draw()
      blocks.are([])
      panel.offer(me() !== undefined)
    },
    /** The live connection knows who is here: what they have is read, and from there on it is told. */
    authenticated: () => load().then(follow, failed),
    whispers: ({ missed, blocked }) => {
      blocks.are(blocked)
      if (missed) load().catch(failed)
    },
    whispered: (frame) => kinds[frame.event.kind]?.(frame),
  }
}
