import { button, create } from '../dom.js'
import { createQueue } from '../queue.js'
import { createTold } from './saving.js'

const AT_ONCE = 100

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

/** Commands for what was chosen: one names bans of one channel, so many at most. */
export const reviewsOf = (chosen, accept, reason) =>
  Object.entries(Object.groupBy(chosen, ({ source }) => source)).flatMap(([source, bans]) => {
    const members = bans.map(({ member }) => member)
    return Array.from({ length: Math.ceil(members.length / AT_ONCE) }, (_, part) => ({
      kind: 'review-ban-list',
      source,
      members: members.slice(part * AT_ONCE, (part + 1) * AT_ONCE),
      accept,
      reason,
    }))
  })

/** Bans of other channels that wait for a moderator, who chooses some of them and decides. */
export const createPending = ({ api, channelId, names, channelNames }) => {
  const told = createTold(api)
  const queue = createQueue({
    title: 'Bans that wait for you',
    nothing: 'None waits. Bans of channels that are followed come here first, where a moderator is to look at them.',
    load: async (position, most) => {
      const { entries, more } = await api.pendingBans(channelId(), position, most)
      return { entries: entries.map((entry) => ({ id: `${entry.sourceId} ${entry.memberId}`, ...entry })), more }
    },
    draw: ({ sourceId, memberId, at }) => {
      const box = create('input', { type: 'checkbox', 'data-source': sourceId, 'data-member': memberId })
      const words = create(
        'span',
        {},
        create('strong', {}, names.text(memberId)),
        ', banned in ',
        channelNames.text(sourceId),
        `, here since ${day.format(Date.parse(at))}`,
      )
      return [create('label', { class: 'check' }, box, words)]
    },
    onCount: (count) => {
      bar.hidden = count === 0
      all.checked = false
      show()
    },
  })

  const boxes = () => [...queue.element.querySelectorAll('[data-member]')]
  const chosen = () =>
    boxes().flatMap(({ checked, dataset: { source, member } }) => (checked ? [{ source, member }] : []))

  const decide = async (accept) => {
    const why = reason.value.trim() || undefined
    const asked = reviewsOf(chosen(), accept, why)
    let position
    await told.attempt(
      async () => {
        try {
          for (const each of asked) position = (await told.settled(() => api.act(channelId(), each))).position
        } finally {
          // Whatever was done before another part failed is not shown as waiting.
          await queue.refresh(position)
        }
      },
      { controls: [ban, leave], says: () => (accept ? 'They are banned here, too.' : 'They stay here.') },
    )
    reason.value = ''
    show()
  }

  const all = create('input', { type: 'checkbox' })
  const count = create('span', {})
  const reason = create('input', {
    maxlength: '512',
    placeholder: 'Why: for the log',
    'aria-label': 'Why: for the log',
  })
  const ban = button('Ban them here', () => decide(true))
  const leave = button('Leave them be', () => decide(false))
  const bar = create(
    'div',
    { class: 'bar-of-list', hidden: '' },
    create('label', { class: 'check' }, all, count),
    reason,
    create('div', { class: 'buttons' }, ban, leave),
  )

  const show = () => {
    const found = chosen().length
    count.textContent = found === 0 ? 'Choose all that are shown' : `${found.toLocaleString()} chosen`
    for (const each of [ban, leave]) each.disabled = found === 0
  }
  all.addEventListener('change', () => {
    for (const box of boxes()) box.checked = all.checked
    show()
  })
  queue.element.addEventListener('change', show)
  queue.element.querySelector('summary').after(bar, told.element)
  return queue
}
