import { confirmed } from '../confirm.js'
import { create } from '../dom.js'
import { createQueue } from '../queue.js'
import { createImport } from './bans-import.js'
import { channelForm } from './channel-names.js'
import { labelled, selectOf, tellBeside } from './fields.js'
import { createPending } from './pending-bans.js'
import { createTold } from './saving.js'

const modes = { review: 'wait for a moderator', apply: 'count at once' }

/** Channels whose bans are followed here, and a form to follow another. `onChange(position)` */
const createSources = ({ api, channelId, channelNames, onChange }) => {
  const told = createTold(api)
  const act = (asked) => api.act(channelId(), asked)
  const followed = async (asked) => {
    const done = await act(asked)
    onChange(done.position)
    return done
  }
  const queue = createQueue({
    title: 'Channels whose bans are followed',
    nothing: 'None. Follow a channel that you trust: its new bans come here, too.',
    load: async (position) => {
      const { sources } = await api.banLists(channelId(), position)
      return sources.map((source) => ({ id: source.channelId, ...source }))
    },
    draw: ({ id, mode, pending }, doing) => {
      const other = mode === 'review' ? 'apply' : 'review'
      return [
        create('p', {}, create('strong', {}, channelNames.text(id)), `: its bans ${modes[mode]} here.`),
        ...(pending > 0 ? [create('p', { class: 'explains' }, `${pending.toLocaleString()} wait.`)] : []),
        doing(other === 'apply' ? 'Let them count at once' : 'Look at each first', () =>
          followed({ kind: 'follow-ban-list', source: id, mode: other }),
        ),
        doing('Follow no more', () => followed({ kind: 'unfollow-ban-list', source: id })),
      ]
    },
  })
  const mode = labelled(
    { label: 'Its bans', help: 'Those that count stay when you follow it no more.' },
    selectOf(modes, 'review'),
  )
  const follow = channelForm({
    label: 'Name of the channel',
    help: 'It has to share its bans.',
    submit: 'Follow its bans',
    further: [mode.element],
    onSubmit: (slug) =>
      told.attempt(
        async () => act({ kind: 'follow-ban-list', source: await channelNames.idOf(slug), mode: mode.control.value }),
        {
          controls: [follow.go],
          says: () => 'It is followed from now on; its bans come in a moment.',
          after: async ({ position }) => {
            follow.element.reset()
            onChange(position)
            await queue.refresh(position)
          },
          onError: (error) =>
            tellBeside(error, { name: follow.name }, { 'channel.ban_list_unknown': 'name', 'channel.unknown': 'name' }),
        },
      ),
  })
  queue.element.append(follow.element, told.element)
  return queue
}

/** Whether other channels may follow the bans of this one, and which do. */
const createSharing = ({ api, channelId, channelNames }) => {
  const told = createTold(api)
  const shared = labelled(
    {
      label: 'Other channels may follow the bans of this channel',
      help: 'They learn whom you ban without end, and when you lift it; never why.',
    },
    create('input', { type: 'checkbox', role: 'switch' }),
  )
  const queue = createQueue({
    title: 'Share the bans of this channel',
    nothing: 'No channel follows the bans of this one.',
    load: async (position) => {
      const { subscribers } = await api.banLists(channelId(), position)
      return subscribers.map((id) => ({ id }))
    },
    draw: ({ id }) => [create('strong', {}, channelNames.text(id))],
  })
  let followers = 0

  const show = async (position) => {
    const [{ ban_list_published: published }, { subscribers }] = await Promise.all([
      api.moderationSettings(channelId(), position),
      api.banLists(channelId(), position),
    ])
    shared.control.checked = published === true
    followers = subscribers.length
    await queue.refresh(position)
  }

  shared.control.addEventListener('change', async () => {
    const published = shared.control.checked
    const isMeant =
      published ||
      followers === 0 ||
      (await confirmed({
        title: 'Share your bans no more?',
        words: `${followers} ${followers === 1 ? 'channel follows' : 'channels follow'} them now, and would have to follow anew.`,
        yes: 'Share them no more',
      }))
    if (!isMeant) {
      shared.control.checked = true
      return
    }
    const done = await told.attempt(() => api.act(channelId(), { kind: 'publish-ban-list', published }), {
      controls: [shared.control],
      says: () => (published ? 'Channels may follow them from now on.' : 'They are shared no more.'),
      after: ({ position }) => show(position),
    })
    if (!done) shared.control.checked = !published
  })
  queue.element.querySelector('summary').after(shared.element, told.element)
  return { element: queue.element, show }
}

/** The bans of other channels that count here, those of this one that count elsewhere, and lists in files. */
export const createBanLists = (room) => {
  const isLead = room.leads()
  const pending = createPending(room)
  const sources = isLead ? createSources({ ...room, onChange: (position) => pending.refresh(position) }) : undefined
  const sharing = isLead ? createSharing(room) : undefined
  const files = createImport({ ...room, isLead })
  const parts = [pending, sources, sharing, files].filter(Boolean)
  pending.open()
  sources?.open()
  return {
    element: create('div', { class: 'parts' }, ...parts.map(({ element }) => element)),
    show: async () => {
      await Promise.all([pending.refresh(), sources?.refresh(), sharing?.show()])
    },
  }
}
