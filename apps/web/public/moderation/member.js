import { button, create } from '../dom.js'
import { wordsOf } from '../reasons.js'
import { createAlts } from './alts.js'
import { deeds, groupDeeds } from './deeds.js'
import { drawEntry, markWords } from './entries.js'
import { drawSaid } from './found.js'

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

const LAST = 10
const LOOK_AGAIN_MS = 1500

const roles = { '': 'none', vip: 'VIP', bot: 'bot', moderator: 'moderator', lead_moderator: 'lead moderator' }

const liftOf = (member, mark) =>
  mark === 'ban'
    ? { kind: 'unban', member }
    : mark === 'subscription'
      ? { kind: 'revoke-subscription', member }
      : { kind: 'unmark', member, mark }

const listOf = (title, items) =>
  create(
    'div',
    {},
    create('h4', {}, title),
    create('ul', { class: 'waiting' }, ...items.map((item) => create('li', {}, ...item))),
  )

/**
 * What moderators know of one member, and do about them. `timeouts()` are those that run, `leads()` says whether whoever
 * looks gives roles, `onShow(id)` shows what was said around a message.
 */
export const createMember = ({ api, channelId, act, names, now, timeouts, leads, onShow }) => {
  const name = create('h3', { tabindex: '-1' })
  const stands = create('div')
  const problem = create('p', { class: 'problem', role: 'alert' })
  const past = create('div')
  const choice = create('select', { 'aria-label': 'What to do' })
  let offered = []
  const offer = (all) => {
    if (offered.length === all.length) return
    const chosen = Number(choice.value)
    offered = all
    choice.replaceChildren(...all.map(({ words }, index) => create('option', { value: String(index) }, words)))
    choice.value = String(chosen < all.length ? chosen : 0)
  }
  offer(deeds)
  const reason = create('input', {
    maxlength: '512',
    placeholder: 'Why: for the log',
    'aria-label': 'Why: for the log',
  })
  const role = create('select', { id: 'member-role' })
  role.append(...Object.entries(roles).map(([value, words]) => create('option', { value }, words)))
  const roleLine = create('p', {}, create('label', { for: 'member-role' }, 'Role '), role)
  const form = create(
    'form',
    { class: 'asks' },
    choice,
    reason,
    create('button', { type: 'submit', class: 'primary' }, 'Do it'),
  )
  const alts = createAlts({
    names,
    link: (handle, evidence) => {
      const { id } = member
      return doing(async () => act({ kind: 'link-alts', member: id, alt: await api.accountOf(handle), evidence }))
    },
    unlink: ({ memberId, altId }) => doing(() => act({ kind: 'unlink-alts', member: memberId, alt: altId })),
  })
  const element = create(
    'section',
    { class: 'queue member', 'aria-label': 'About a member', hidden: '' },
    create('div', { class: 'panel-head' }, name),
    stands,
    roleLine,
    form,
    problem,
    alts.element,
    past,
  )
  let member
  let reading = 0

  const clear = () => {
    stands.replaceChildren()
    past.replaceChildren()
    alts.clear()
    problem.textContent = ''
  }

  /** Nothing that was known of them stays in the page, as whoever looked may moderate no more. */
  const close = () => {
    member = undefined
    reading++
    element.hidden = true
    name.textContent = ''
    reason.value = ''
    clear()
  }
  element.firstChild.append(button('✕', close, { 'aria-label': 'Close what is known of them' }))

  /** @returns whether it was done while the same member is looked at */
  const doing = async (work) => {
    const { id } = member
    const isStill = () => member?.id === id
    problem.textContent = ''
    const buttons = element.querySelectorAll('button, select')
    for (const each of buttons) each.disabled = true
    try {
      const { position } = await work()
      if (isStill()) await show(position)
      return isStill()
    } catch (error) {
      if (isStill()) problem.textContent = wordsOf(error)
      return false
    } finally {
      for (const each of buttons) each.disabled = false
    }
  }

  const standing = (words, asked) =>
    create(
      'li',
      {},
      words,
      ' ',
      button('Lift', () => doing(() => act(asked)), { 'aria-label': `Lift: ${words}` }),
    )

  const drawStanding = (id, marks) => {
    const until = timeouts().get(id)
    const timeout =
      until > now() ? [standing(`Timed out until ${moment.format(until)}`, { kind: 'lift-timeout', member: id })] : []
    const items = marks.map(({ mark, until: end, reason: why, addresses }) => {
      const words = markWords[mark] ?? mark
      const from = addresses > 0 ? ` with ${addresses} ${addresses === 1 ? 'address' : 'addresses'}` : ''
      const term = end ? ` until ${moment.format(Date.parse(end))}` : ''
      return standing(
        `${words[0].toUpperCase()}${words.slice(1)}${from}${term}${why ? `: ${why}` : ''}`,
        liftOf(id, mark),
      )
    })
    stands.replaceChildren(create('ul', {}, ...timeout, ...items))
  }

  const show = async (position) => {
    const mine = ++reading
    const { id } = member
    const [marks, log, said, given, links, { group = [] }] = await Promise.all([
      api.marksOf(channelId(), id, position),
      api.log(channelId(), { member: id }, position, LAST),
      api.search(channelId(), { author: id }, undefined, LAST),
      api.roles(channelId(), position),
      api.alts(channelId(), id, position),
      api.moderationSettings(channelId(), position),
    ])
    if (mine !== reading) return
    drawStanding(id, marks)
    const is = given.find(({ accountId }) => accountId === id)?.role ?? ''
    role.value = is
    roleLine.hidden = !leads() || is === 'broadcaster'
    offer(group.length > 0 ? [...deeds, ...groupDeeds] : deeds)
    alts.show(links)
    past.replaceChildren(
      listOf(
        log.entries.length === 0 ? 'Nothing was done about them.' : 'What was done',
        log.entries.map((entry) => drawEntry(entry, { names, onShow, button })),
      ),
      listOf(
        said.entries.length === 0 ? 'They have said nothing.' : 'What they said',
        said.entries.map((message) => drawSaid(message, onShow)),
      ),
    )
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const { of, takes } = offered[Number(choice.value)]
    const words = reason.value.trim()
    if (takes && words === '') {
      reason.focus()
      return
    }
    const { id } = member
    if (await doing(() => act(of(id, words || undefined)))) reason.value = ''
  })
  role.addEventListener('change', () => {
    const { id } = member
    doing(() => act({ kind: 'assign-role', member: id, role: role.value || null }))
  })

  const refresh = () => {
    const { id } = member
    return show().catch((error) => {
      if (member?.id === id) problem.textContent = wordsOf(error)
    })
  }

  /** Read models may be a moment behind what was done, and what was said. */
  const lookAgain = () => {
    const { id } = member
    setTimeout(() => {
      if (member?.id === id) refresh()
    }, LOOK_AGAIN_MS)
  }

  return {
    element,
    close,
    /** An entry of the moderators' lane. */
    happened: ({ member: about }) => {
      if (member && member.id === about) lookAgain()
    },
    /** @param person { id, name } */
    look: async (person) => {
      member = person
      name.textContent = person.name
      clear()
      element.hidden = false
      element.scrollIntoView({ block: 'start' })
      name.focus()
      lookAgain()
      await refresh()
    },
  }
}
