import { messageOf, typedOf } from './commands.js'

const MAX_CODE_POINTS = 512

/**
 * Where one writes, and the words below: why one cannot, what was said last, or the modes of the room. `post(message)`
 * sends it. `parts` is what goes with a message besides its words: each has `take()`, of the message's members that are its
 * own, `give(message)`, which brings them back to be sent once more, `drop()`, and some `waits()`, words where it is not
 * ready yet, and `stands()`, whether it needs no words beside it. `commandOf(words)` is what they ask to be done, if they are
 * no message, and `wordsOf(error)` says why it was not. `elements`: form, text, send, hint, told
 * (the same for readers of screens, who hear of no countdown), appeal, and `tools`, which are there for whom can write.
 */
export const createComposer = ({ elements, me, standing, post, parts, commandOf, wordsOf }) => {
  const { form, text, send, hint, told, appeal, tools } = elements
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
    const heard = silence ? (silence.sanction ?? silence.words) : hint.textContent
    if (told.dataset.heard !== heard) told.textContent = hint.textContent
    told.dataset.heard = heard
    clearTimeout(looking)
    if (silence?.leftMs) looking = setTimeout(show, Math.min(silence.leftMs, 1000))
  }

  const say = (words, isWarning = false) => {
    said = { words, isWarning }
    show()
  }

  /** What was typed comes back where it could not be done, unless something else was typed meanwhile. */
  const run = async (command, words) => {
    text.value = ''
    say('')
    try {
      say((await command()) ?? '')
    } catch (error) {
      say(wordsOf(error), true)
      if (text.value === '') text.value = words
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const words = text.value.replace(/\s+/g, ' ').trim()
    if (!me() || (words === '' && !parts.some((part) => part.stands?.()))) return
    if ([...words].length > MAX_CODE_POINTS) {
      say(`It is too long: ${MAX_CODE_POINTS} characters at most.`, true)
      return
    }
    const command = commandOf(words)
    if (command) {
      run(command, words)
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
      text.value = typedOf(message)
      for (const part of parts) part.give(message)
      text.focus()
    },
    /** Somebody else writes now. */
    drop: () => {
      for (const part of parts) part.drop()
    },
  }
}
