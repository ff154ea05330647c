import { button, create, element } from '../dom.js'
import { wordsOf } from '../reasons.js'
import { createBanLists } from './ban-lists.js'
import { createChannelNames } from './channel-names.js'
import { createEmotes } from './emotes.js'
import { createGroup } from './group.js'
import { createKept } from './kept.js'
import { createPolicy } from './policy/policy.js'

/** How wide a section reads well, and what it looks like: a file of its own, since few ever open it. */
const style = () =>
  new Promise((resolve, reject) => {
    const link = create('link', { rel: 'stylesheet', href: 'settings/settings.css' })
    link.addEventListener('load', resolve)
    link.addEventListener('error', () => reject(new Error('The page could not be loaded whole: try it again.')))
    document.head.append(link)
  })

const sections = [
  {
    title: 'Filters',
    explains:
      'Each message goes through these from the top to the bottom. The first that speaks decides what becomes of it.',
    isFor: 'leads',
    make: createPolicy,
  },
  {
    title: 'Ban lists',
    explains: 'Bans that come from other channels, go to them, or are read from a file.',
    isFor: 'moderates',
    make: createBanLists,
  },
  {
    title: 'Emotes',
    explains: 'Pictures that are written by their names in this channel.',
    isFor: 'leads',
    make: createEmotes,
  },
  {
    title: 'What is kept',
    explains: 'For how long what is said here can be read.',
    isFor: 'owns',
    make: createKept,
  },
  {
    title: 'Group',
    explains: 'Your other channels in which moderators of this one ban, mute and time out at once.',
    isFor: 'owns',
    make: createGroup,
  },
]

/**
 * How a channel goes about things, for those who may change it: a dialog with a section for each. `room` is what
 * `createModeration` takes; its `leads()` and `owns()` say what whoever looks is.
 */
export const createSettings = async (room) => {
  await style()
  const tools = { ...room, channelNames: createChannelNames(room) }
  const may = { moderates: () => true, leads: room.leads, owns: room.owns }
  const problem = create('p', { class: 'problem', role: 'alert' })
  const nav = create('nav', { class: 'settings-nav', 'aria-label': 'Sections of the settings' })
  const place = create('div', { class: 'section' })
  const heading = create('h2', { id: 'settings-title' }, 'Channel settings')
  const close = create(
    'form',
    { method: 'dialog', class: 'close' },
    create('button', { type: 'submit', class: 'quiet', 'aria-label': 'Close the settings' }, '✕'),
  )
  const dialog = create(
    'dialog',
    { id: 'settings', 'aria-labelledby': heading.id },
    create('div', { class: 'settings-head' }, heading, close),
    create('div', { class: 'settings-body' }, nav, place),
  )
  element('settings-place').append(dialog)
  /** What was made, by its title: with what somebody has not saved yet. */
  const made = new Map()
  let chosen
  const roleNow = () => `${room.leads()} ${room.owns()}`
  let role = roleNow()

  const choose = async (section, isMoved = true) => {
    chosen = section
    for (const each of nav.children) each.toggleAttribute('aria-current', false)
    const { title, explains, make } = section
    const entry = nav.querySelector(`[data-title="${title}"]`)
    entry?.setAttribute('aria-current', 'true')
    entry?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    if (!made.has(title)) made.set(title, make(tools))
    const part = made.get(title)
    const name = create('h3', { tabindex: '-1' }, title)
    problem.textContent = ''
    place.replaceChildren(name, create('p', { class: 'explains' }, explains), problem, part.element)
    place.scrollTop = 0
    if (isMoved) name.focus()
    part.element.inert = true
    try {
      await part.show()
      part.element.inert = false
    } catch (error) {
      if (chosen !== section) return
      problem.replaceChildren(
        wordsOf(error),
        ' ',
        button('Try again', () => choose(section)),
      )
    }
  }

  return {
    open: () => {
      const offered = sections.filter(({ isFor }) => may[isFor]())
      nav.replaceChildren(
        ...offered.map((section) =>
          button(section.title, () => choose(section), { class: 'quiet', 'data-title': section.title }),
        ),
      )
      dialog.showModal()
      choose(offered.includes(chosen) ? chosen : offered[0], false)
    },
    /** Whoever looks at the page is somebody else, or something else here: nothing of what they saw stays in it. */
    offer: (isModerator) => {
      if (isModerator && role === roleNow()) return
      role = roleNow()
      dialog.close()
      made.clear()
      place.replaceChildren()
      chosen = undefined
    },
  }
}
