import { confirmed } from '../confirm.js'
import { button, create } from '../dom.js'
import { pictureOf } from '../emotes.js'
import { createQueue } from '../queue.js'
import { aboutEmote, nameInput, tierHelp, tierInput } from './emote-fields.js'
import { createUpload } from './emote-upload.js'
import { labelled, tellBeside } from './fields.js'
import { createTold } from './saving.js'

const forWhom = ({ tier }) => (tier ? `for subscribers from tier ${tier} on` : 'for everybody')

/** The emotes of a channel: those that are there, and new ones. */
export const createEmotes = ({ api, channelId, names }) => {
  let manifest = { channel: [], modifiers: [] }
  const sought = create('input', {
    type: 'search',
    placeholder: 'Look for an emote',
    'aria-label': 'Look for an emote',
    autocomplete: 'off',
  })
  const looks = create('p', { class: 'help' })

  const queue = createQueue({
    title: 'Emotes of this channel',
    nothing: 'There are none by that name, or none at all yet: add the first one above.',
    load: async (position, most) => {
      manifest = await api.emotesAsOf(channelId(), position)
      looks.textContent =
        `Whoever writes one may change how it looks, by up to ${manifest.mostModifiers} words behind it: ` +
        `${manifest.channel[0]?.name ?? 'Name'}:mirror:wide. There are ${manifest.modifiers.join(', ')}.`
      const words = sought.value.trim().toLowerCase()
      const found = manifest.channel
        .filter(({ name }) => name.toLowerCase().includes(words))
        .toSorted((one, other) => one.name.localeCompare(other.name))
      return { entries: found.slice(0, most), more: found.length > most }
    },
    draw: (emote, doing) => drawEmote(emote, doing),
  })

  const drawEmote = (emote, doing) => {
    const { id, name, enabled, addedBy } = emote
    const place = create('div', { class: 'change' })
    const change = button('Change', () => place.replaceChildren(changeForm(emote, place, change)), {
      'aria-label': `Change ${name}`,
      'aria-expanded': 'false',
    })
    const remove = button(
      'Remove',
      async () => {
        const isMeant = await confirmed({
          title: `Remove ${name}?`,
          words: 'It cannot be brought back but by adding its picture anew. Messages that show it go on showing it.',
          yes: 'Remove it',
        })
        if (isMeant) really.click()
      },
      { 'aria-label': `Remove ${name}` },
    )
    const really = doing('', () => api.removeEmote(channelId(), id), { hidden: '' })
    return [
      create(
        'div',
        { class: 'emote-row' },
        create('span', { class: 'picture' }, pictureOf(emote)),
        create(
          'div',
          {},
          create('strong', {}, name),
          ...(enabled ? [] : [' ', create('span', { class: 'badge' }, 'switched off')]),
          create('p', { class: 'explains' }, `${forWhom(emote)}, added by `, names.text(addedBy)),
        ),
      ),
      change,
      doing(enabled ? 'Switch off' : 'Switch on', () => api.changeEmote(channelId(), id, { enabled: !enabled }), {
        'aria-label': `${enabled ? 'Switch off' : 'Switch on'} ${name}`,
      }),
      remove,
      really,
      place,
    ]
  }

  const changeForm = ({ id, name: before, tier: beforeTier }, place, opener) => {
    const told = createTold(api)
    const name = labelled({ label: 'Name' }, nameInput())
    const tier = labelled({ label: 'Lowest tier', help: tierHelp }, tierInput())
    name.control.value = before
    tier.control.value = beforeTier ?? 0
    const save = create('button', { type: 'submit', class: 'primary' }, 'Save')
    const leave = button('Cancel', () => {
      place.replaceChildren()
      opener.setAttribute('aria-expanded', 'false')
      opener.focus()
    })
    const form = create(
      'form',
      { class: 'fields', 'aria-label': `Change ${before}` },
      name.element,
      tier.element,
      create('div', { class: 'buttons' }, save, leave),
      told.element,
    )
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      for (const each of [name, tier]) each.tell()
      const now = { name: name.control.value.trim(), tier: tier.control.valueAsNumber }
      const change = {
        ...(now.name !== before && { name: now.name }),
        ...(now.tier !== (beforeTier ?? 0) && { tier: now.tier }),
      }
      if (Object.keys(change).length === 0) return leave.click()
      told.attempt(() => api.changeEmote(channelId(), id, change), {
        controls: [save],
        after: async ({ position }) => {
          await queue.refresh(position)
          queue.element.querySelector(`[aria-label="Change ${now.name}"]`)?.focus()
        },
        onError: (error) => tellBeside(error, { name, tier }, aboutEmote),
      })
    })
    opener.setAttribute('aria-expanded', 'true')
    queueMicrotask(() => name.control.focus())
    return form
  }

  const upload = createUpload({ api, channelId, onAdded: (position) => queue.refresh(position) })
  sought.addEventListener('input', () => queue.refresh())
  queue.element.classList.add('emotes-kept')
  queue.open()
  queue.element.querySelector('summary').after(sought, looks)

  return {
    element: create('div', { class: 'parts' }, upload.element, queue.element),
    show: () => queue.refresh(),
  }
}
