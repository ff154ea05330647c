import { button, create } from './dom.js'
import { wordsOf } from './reasons.js'
import { openWords } from './words.js'

/** What one has to see to before one may write comes first. */
const order = ['warning', 'rules', 'poll', 'pin']

/**
 * What stands above the composer until it is done with: a pinned message, a poll, rules to accept, a warning to read.
 * `act(act)` does something in the channel; `textOf(id)` gives the author and the text of a message, or undefined.
 */
export const createNotices = ({ element, act, textOf }) => {
  const notices = new Map()
  let poll
  let rules
  let pinned

  const put = (kind, ...children) => {
    const notice = create('div', { class: 'standing', 'data-kind': kind }, ...children)
    notices.get(kind)?.remove()
    notices.set(kind, notice)
    element.replaceChildren(...order.flatMap((each) => notices.get(each) ?? []))
    element.hidden = false
  }

  const drop = (kind) => {
    notices.get(kind)?.remove()
    notices.delete(kind)
    element.hidden = notices.size === 0
  }

  /** Does something, and says in the notice why it could not be done. */
  const doing = (kind, what) => async () => {
    const notice = notices.get(kind)
    const buttons = [...(notice?.querySelectorAll('button') ?? [])]
    for (const each of buttons) each.disabled = true
    notice?.querySelector('.problem')?.remove()
    try {
      await act(what())
      return true
    } catch (error) {
      notice?.append(create('p', { class: 'problem', role: 'alert' }, wordsOf(error)))
      return false
    } finally {
      for (const each of buttons) each.disabled = false
    }
  }

  const showPoll = () => {
    const { question, options, totals } = poll
    if (question === null || options === null) return drop('poll')
    const list = create('ul')
    for (const [option, words] of options.entries()) {
      const vote = doing('poll', () => ({ kind: 'vote', poll: poll.id, option }))
      const count = create('span', {}, totals ? ` ${totals[option].toLocaleString()}` : '')
      list.append(create('li', {}, button(words, vote), count))
    }
    put('poll', create('strong', {}, question), list)
  }

  return {
    /** @param message { id }, or null where nothing is pinned */
    pin: async (message) => {
      pinned = message?.id
      if (!message) return drop('pin')
      const found = await textOf(message.id).catch(() => undefined)
      if (pinned !== message.id) return
      if (found)
        put('pin', create('strong', {}, `Pinned, by ${found.author.name}: `), create('span', {}, openWords(found)))
      else drop('pin')
    },
    /** What is not shown any more is not pinned either. */
    unpin: (isMeant) => {
      if (pinned === undefined || !isMeant(pinned)) return
      pinned = undefined
      drop('pin')
    },
    poll: (started) => {
      poll = started
      if (poll) showPoll()
      else drop('poll')
    },
    pollRunning: () => poll?.id,
    votes: ({ poll: id, totals }) => {
      if (poll?.id !== id) return
      poll = { ...poll, totals }
      const counts = notices.get('poll')?.querySelectorAll('li span') ?? []
      for (const [option, count] of counts.entries())
        count.textContent = totals ? ` ${totals[option].toLocaleString()}` : ''
    },
    /** How a poll ended, in words; undefined where there is nothing to tell. */
    pollEnded: ({ id, cause, totals }) => {
      if (poll?.id !== id) return undefined
      const { question, options } = poll
      poll = undefined
      drop('poll')
      if (cause === 'cancelled' || !totals || options === null) return 'The poll was taken back.'
      return `${question} ${options.map((words, option) => `${words}: ${totals[option].toLocaleString()}`).join(', ')}`
    },
    /** The rules as they are now; null: none. They are shown to whom they keep from writing. */
    rules: (text, version) => {
      rules = text === null ? undefined : { text, version }
      drop('rules')
    },
    askForRules: () => {
      if (!rules) return
      const accept = doing('rules', () => ({ kind: 'accept-rules', version: rules.version }))
      put(
        'rules',
        create('strong', {}, 'The rules here'),
        create('p', { class: 'several' }, rules.text),
        button('I accept the rules', async () => {
          if (await accept()) drop('rules')
        }),
      )
    },
    warned: (reason) => {
      const acknowledge = doing('warning', () => ({ kind: 'acknowledge-warning' }))
      put(
        'warning',
        create('strong', {}, reason ? `The moderators warn you: ${reason}` : 'The moderators have warned you.'),
        button('I have read it', async () => {
          if (await acknowledge()) drop('warning')
        }),
      )
    },
    drop,
  }
}
