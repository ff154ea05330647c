const MAX_CODE_POINTS = 512

/** As in every chat: what begins with /me is something that one does. */
const messageOf = (words) => {
  const [, deed] = /^\/me (.+)$/.exec(words) ?? []
  return deed ? { text: deed, form: 'action' } : { text: words }
}

/**
 * Where one writes, and the words below: why one cannot, what was said last, or the modes of the room. `post(message)`
 * sends it. `parts` is what goes with a message besides its words: each has `take()`, of the message's members that are its
 * own, `give(message)`, which brings them back to be sent once more, `drop()`, and some `waits()`, words where it is not
 * ready yet, and `stands()`, whether it needs no words beside it. `elements`: form, text, send, hint, appeal, and `tools`, which are there for whom can write.
 */
export const createComposer = ({ elements, me, standing, post, parts }) => {
  const { form, text, send, hint, appeal, tools } = elements
  /** What was said last, until something is written. */
  let said = { words: '', isWarning: false }
  let looking

  const show = () => {
    const account = me()
    const silence = account && standing.silence()
    text.disabled = !account || silence !== undefined
    for (const each of [send, ...tools]) each.disabled = text.disabled
    appeal.hidden = silence?.sanction === undefined
    text.placeholder = account ? `Say something as ${account.name}` : 'Log in to say something'
    hint.textContent = silence?.words ?? (said.words || standing.modeWords())
    hint.classList.toggle('warn', silence !== undefined || said.isWarning)
    clearTimeout(looking)
    if (silence?.leftMs) looking = setTimeout(show, Math.min(silence.leftMs, 1000))
  }

  const say = (words, isWarning = false) => {
    said = { words, isWarning }
    show()
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const words = text.value.replace(/\s+/g, ' ').trim()
    if (!me() || (words === '' && !parts.some((part) => part.stands?.()))) return
    if ([...words].length > MAX_CODE_POINTS) {
      say(`It is too long: ${MAX_CODE_POINTS} characters at most.`, true)
      return
    }
    const waits = parts.map((part) => part.waits?.()).find(Boolean)
    if (waits) {
      say(waits, true)
      return
    }
    post(Object.assign(messageOf(words), ...parts.map((part) => part.take())))
    text.value = ''
    if (said.words) say('')
  })
  text.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing) return
    event.preventDefault()
    form.requestSubmit()
  })

  return {
    show,
    say,
    focus: () => text.focus(),
    canWrite: () => !text.disabled,
    /** A message that was not taken, to be written anew. */
    again: (message) => {
      text.value = message.form === 'action' ? `/me ${message.text}` : message.text
      for (const part of parts) part.give(message)
      text.focus()
    },
    /** Somebody else writes now. */
    drop: () => {
      for (const part of parts) part.drop()
    },
  }
}
