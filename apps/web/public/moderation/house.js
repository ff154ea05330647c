import { create } from '../dom.js'
import { duration, wordsOf } from '../reasons.js'

/** A form of the house under a heading: what it does, and beneath it what became of it. */
const formOf = ({ title, words, submit = 'Set' }, fields, work) => {
  const told = create('p', { class: 'explains', role: 'status' })
  const form = create(
    'form',
    { class: 'house', 'aria-label': title },
    create('h4', {}, title),
    ...(words ? [create('p', { class: 'explains' }, words)] : []),
    ...fields,
    create('button', { type: 'submit', class: 'quiet' }, submit),
    told,
  )
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const button = event.submitter ?? form.querySelector('[type=submit]')
    button.disabled = true
    told.classList.remove('problem')
    try {
      told.textContent = (await work(new FormData(form), button.value)) ?? 'Done.'
    } catch (error) {
      told.classList.add('problem')
      told.textContent = wordsOf(error)
    } finally {
      button.disabled = false
    }
  })
  return form
}

const input = (words, attributes) =>
  create('input', { 'aria-label': words, placeholder: words, autocomplete: 'off', ...attributes })
const textarea = (words, attributes) =>
  create('textarea', { 'aria-label': words, placeholder: words, rows: '2', ...attributes })

const lengths = [60_000, 120_000, 300_000, 600_000, 3_600_000]

/** What a channel says of itself, asks everybody, and takes away at once. */
export const createHouse = ({ api, channelId, act }) => {
  /** Where the texts of the channel are written, by their kinds. */
  const texts = {
    welcome: textarea('Word of welcome', { maxlength: '2000' }),
    rules: textarea('Rules', { maxlength: '2000' }),
  }

  const textForm = (kind, title, words) =>
    formOf({ title, words }, [texts[kind]], async () => {
      const field = texts[kind]
      const value = field.value.trim() || null
      await act({ kind: 'set-text', text: kind, value })
      field.defaultValue = field.value
      return value === null ? 'There is none now.' : 'Everybody is told from now on.'
    })

  const topic = input('Topic', { maxlength: '256' })
  const topicForm = formOf(
    { title: 'Topic', words: 'Beside the name of the channel. Empty: none.' },
    [topic],
    async () => {
      const words = topic.value.trim() || null
      await api.changeTopic(channelId(), words)
      topic.defaultValue = topic.value
      return words === null ? 'There is none now.' : undefined
    },
  )

  /** As they stand, unless somebody writes them anew just now. */
  const showTexts = async () => {
    const { topic: words, texts: standing } = await api.channelById(channelId())
    const show = (field, text) => {
      if (field.value === field.defaultValue) field.defaultValue = text ?? ''
    }
    show(topic, words)
    for (const [kind, field] of Object.entries(texts)) show(field, standing.find(({ of }) => of === kind)?.text)
  }

  const poll = formOf(
    { title: 'Ask everybody', submit: 'Begin the poll' },
    [
      input('The question', { name: 'question', maxlength: '200', required: '' }),
      textarea('The answers, one a line', { name: 'options', required: '', rows: '3' }),
      create(
        'select',
        { name: 'durationMs', 'aria-label': 'How long' },
        ...lengths.map((ms) => create('option', { value: String(ms) }, `for ${duration(ms)}`)),
      ),
      create('label', {}, input('', { type: 'checkbox', name: 'weighted' }), ' Subscribers count more'),
    ],
    async (data) => {
      const options = data
        .get('options')
        .split('\n')
        .map((each) => each.trim())
        .filter(Boolean)
      await act({
        kind: 'start-poll',
        question: data.get('question').trim(),
        options,
        durationMs: Number(data.get('durationMs')),
        weighted: data.has('weighted'),
      })
    },
  )

  const found = create('ul', { class: 'waiting' })
  let nuked
  const undo = create(
    'button',
    { type: 'submit', class: 'quiet', value: 'undo', hidden: '', formnovalidate: '' },
    'Take it back',
  )
  const look = create('button', { type: 'submit', class: 'quiet', value: 'look' }, 'See what it would delete')
  const nuke = formOf(
    {
      title: 'Delete all that says something',
      words:
        'Of the last ten minutes; who said it is timed out for ten minutes, and nobody says it again until you decide.',
      submit: 'Delete it',
    },
    [
      input('What it says', { name: 'text', minlength: '2', maxlength: '256', required: '' }),
      create(
        'label',
        { title: 'free *sk[i1]n: a regular expression (RE2), whatever the case' },
        input('', { type: 'checkbox', name: 'pattern' }),
        ' As a pattern',
      ),
      look,
      found,
    ],
    async (data, asked) => {
      if (asked === 'undo') {
        await act({ kind: 'undo-nuke', nuke: nuked })
        undo.hidden = true
        return 'It is taken back.'
      }
      const match = data.has('pattern') ? 'pattern' : 'text'
      const wanted = { text: data.get('text'), match, withinMs: 600_000, durationMs: 600_000, dryRun: asked === 'look' }
      const answer = await api.nuke(channelId(), wanted)
      if (asked === 'look') {
        found.replaceChildren(...answer.messages.slice(0, 20).map(({ text }) => create('li', {}, text)))
        return `${answer.messages.length} messages say it.`
      }
      found.replaceChildren()
      nuked = answer.commandId
      undo.hidden = false
      return answer.status === 'pending' ? 'It is sent, and not known to be done yet.' : 'It is deleted.'
    },
  )
  nuke.append(undo)

  const told = create('p', { class: 'problem', role: 'alert' })
  const element = create(
    'details',
    { class: 'queue' },
    create('summary', {}, 'The channel'),
    told,
    topicForm,
    poll,
    nuke,
    textForm('welcome', 'Word of welcome', 'Who comes is greeted by it. Empty: none.'),
    textForm('rules', 'Rules', 'They are accepted before one writes. Empty: none.'),
  )
  element.addEventListener('toggle', async () => {
    if (!element.open) return
    told.textContent = ''
    await showTexts().catch((error) => {
      told.textContent = wordsOf(error)
    })
  })

  return { element }
}
