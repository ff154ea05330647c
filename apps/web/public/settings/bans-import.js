import { saveAs } from '../account/save.js'
import { button, create } from '../dom.js'
import { labelled, selectOf, tellBeside } from './fields.js'
import { createTold } from './saving.js'

const SHOWN = 20

/** Whether a list is a table, or a name or a command a line. */
export const formatOf = (text) => {
  const [first = ''] = text.split('\n').filter((line) => line.trim() && !line.startsWith('#'))
  return first.includes(',') && !/^[/.]ban\s/i.test(first.trim()) ? 'csv' : 'lines'
}

const people = (count) => `${count.toLocaleString()} ${count === 1 ? 'account' : 'accounts'}`

const some = (all) => `${all.slice(0, SHOWN).join(', ')}${all.length > SHOWN ? ` and ${all.length - SHOWN} more` : ''}`

/** What a list would do, in words. */
export const reviewWords = ({ found, unknown, malformed }) => [
  `${people(found)} of it ${found === 1 ? 'is' : 'are'} found here.`,
  ...(unknown.length > 0 ? [`Nobody here goes by: ${some(unknown)}.`] : []),
  ...(malformed.length > 0 ? [`Lines that could not be read: ${some(malformed)}.`] : []),
]

/** Bans from a list that somebody has, looked at before they count; and the bans of this channel as a file. */
export const createImport = ({ api, channelId, isLead }) => {
  const told = createTold(api)
  const download = button('Download the bans of this channel', () =>
    told.attempt(async () => saveAs(await api.exportBans(channelId()), 'bans.csv'), {
      controls: [download],
      says: () => 'Downloaded: a table that other channels, and whiply elsewhere, take.',
    }),
  )
  const file = create('input', {
    type: 'file',
    accept: '.csv,.txt,text/csv,text/plain',
    'aria-label': 'A file with bans',
  })
  const content = labelled(
    {
      label: 'Bans to read in',
      help: 'A table with a column handle, and perhaps reason; or a handle a line. 1,000 at most at once.',
    },
    create('textarea', {
      rows: '4',
      spellcheck: 'false',
      autocapitalize: 'none',
      placeholder: 'spammer\n/ban another free skins',
    }),
  )
  const format = labelled(
    { label: 'It is written as' },
    selectOf({ lines: 'a handle, or /ban handle reason, a line', csv: 'a table (CSV)' }, 'lines'),
  )
  const reason = labelled(
    { label: 'Why', help: 'For those without a reason of their own in the list.' },
    create('input', { maxlength: '512', autocomplete: 'off' }),
  )
  const addresses = labelled(
    { label: 'From where they came of late, too', help: 'Others who write from there are kept out with them.' },
    create('input', { type: 'checkbox' }),
  )
  const review = create('div', { class: 'result', hidden: '' })
  const look = create('button', { type: 'submit', class: 'quiet' }, 'See whom it names')
  const go = button('', () => send(), { class: 'primary' })
  const leave = button('Not now', () => forget())

  const forget = () => {
    review.hidden = true
    told.tell()
  }
  const asked = (dryRun) => ({
    format: format.control.value,
    content: content.control.value,
    reason: reason.control.value.trim() || undefined,
    addresses: addresses.control.checked ? 'address' : undefined,
    dryRun,
  })
  const onError = (error) => tellBeside(error, { content, reason }, { 'channel.ban_list_unfit': 'content' })

  const show = (answer) => {
    review.replaceChildren(...reviewWords(answer).map((words) => create('p', {}, words)))
    if (answer.found > 0) {
      go.textContent = `Ban ${answer.found === 1 ? 'it' : `all ${answer.found.toLocaleString()}`}`
      review.append(create('div', { class: 'buttons' }, go, leave))
    }
    review.hidden = false
  }

  /** Of a long list some parts may not even be sent by then. */
  const undecided = (error) => {
    if (error.code !== 'command.pending') throw error
    throw new Error(
      'The server took too long, and may have banned some. Read the same list in again: nobody is banned twice.',
    )
  }

  const send = () =>
    told.attempt(() => api.importBans(channelId(), asked(false)).catch(undecided), {
      controls: [go],
      onError,
      says: ({ banned }) => {
        review.hidden = true
        form.reset()
        return `${people(banned)} banned. Who was banned already, or cannot be, is not counted.`
      },
    })

  const form = create(
    'form',
    { class: 'fields', 'aria-label': 'Read bans in', novalidate: '' },
    create('label', { class: 'file' }, 'From a file ', file),
    content.element,
    format.element,
    reason.element,
    addresses.element,
    create('div', { class: 'buttons' }, look),
    review,
  )
  file.addEventListener('change', async () => {
    const [chosen] = file.files
    if (!chosen) return
    content.control.value = await chosen.text()
    format.control.value = formatOf(content.control.value)
    forget()
  })
  content.control.addEventListener('input', () => {
    format.control.value = formatOf(content.control.value)
  })
  // What was looked at is what is sent.
  for (const each of [content, format, reason, addresses]) each.control.addEventListener('input', forget)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    content.tell()
    if (!content.control.value.trim()) {
      content.tell('There is nothing in it.')
      content.control.focus()
      return
    }
    told.attempt(() => api.importBans(channelId(), asked(true)), {
      after: show,
      says: () => '',
      controls: [look],
      onError,
    })
  })

  return {
    element: create(
      'details',
      { class: 'queue' },
      create('summary', {}, isLead ? 'Bans in files' : 'Bans as a file'),
      create('div', { class: 'buttons' }, download),
      ...(isLead ? [form] : []),
      told.element,
    ),
  }
}
