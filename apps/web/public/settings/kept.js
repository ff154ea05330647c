import { confirmed } from '../confirm.js'
import { button, create, element } from '../dom.js'
import { daysOf } from '../watch/retention.js'
import { areFit, labelled, selectOf, tellBeside } from './fields.js'
import { createTold } from './saving.js'

/** For how long messages are kept; recordings have their form where one goes live. */
export const createKept = ({ api, channelId }) => {
  let standing = null
  const told = createTold(api)
  const term = labelled({ label: 'Messages stay' }, selectOf({ ever: 'for ever', days: 'for some time' }))
  const count = labelled(
    {
      label: 'For how many days',
      help: 'Older messages are deleted within the hour, for everybody, and cannot be brought back.',
    },
    create('input', { type: 'number', min: '1', max: '3650', step: '1', required: '', value: '90' }),
  )
  const save = create('button', { type: 'submit', class: 'primary' }, 'Save')
  const state = create('p', { class: 'explains' })

  const show = () => {
    const isForEver = term.control.value === 'ever'
    count.element.hidden = isForEver
    count.control.disabled = isForEver
  }
  const chosen = () => (term.control.value === 'ever' ? null : count.control.valueAsNumber)

  const draw = (days) => {
    standing = days
    term.control.value = days === null ? 'ever' : 'days'
    if (days !== null) count.control.value = days
    state.textContent = days === null ? 'Now: for ever.' : `Now: for ${daysOf(days)}.`
    show()
  }

  /** What is let go of is gone: to keep it for longer asks nobody. */
  const isMeant = (wanted) =>
    wanted === null || (standing !== null && wanted >= standing)
      ? true
      : confirmed({
          title: `Delete what is older than ${daysOf(wanted)}?`,
          words: 'All messages that were written before are deleted within the hour. They cannot be brought back.',
          yes: 'Delete them, and go on so',
        })

  const form = create(
    'form',
    { class: 'fields boxed', 'aria-label': 'How long messages stay', novalidate: '' },
    create('h4', {}, 'Messages'),
    state,
    term.element,
    count.element,
    create('div', { class: 'buttons' }, save),
    told.element,
  )
  term.control.addEventListener('change', show)
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const wanted = chosen()
    if ((wanted !== null && !areFit([count])) || !(await isMeant(wanted))) return
    count.tell()
    await told.attempt(() => api.act(channelId(), { kind: 'set-retention', days: wanted }), {
      controls: [save],
      // The read model of histories may be behind that of channels.
      after: () => draw(wanted),
      onError: (error) => tellBeside(error, { days: count }, { 'channel.retention_out_of_range': 'days' }),
    })
  })

  const recordings = create(
    'section',
    { class: 'fields boxed', 'aria-label': 'Recordings and clips' },
    create('h4', {}, 'Recordings and clips'),
    create(
      'p',
      { class: 'explains' },
      'Whether broadcasts are recorded, and for how long recordings and clips stay, is set where you go live.',
    ),
    create(
      'div',
      { class: 'buttons' },
      button('Go there', ({ currentTarget }) => {
        currentTarget.closest('dialog').close()
        element('studio-open').click()
        element('studio-kept').scrollIntoView({ block: 'nearest' })
      }),
    ),
  )

  return {
    element: create('div', { class: 'parts' }, form, recordings),
    show: async () => draw((await api.channelById(channelId())).historyDays),
  }
}
