import { button, create } from '../dom.js'
import { createTexts } from '../names.js'
import { labelled } from './fields.js'

/** Names of channels that are known by their ids alone, and channels by their names. */
export const createChannelNames = ({ api }) => {
  const meanwhile = (id) => `channel ${id}`
  return {
    text: createTexts({ ask: async (id) => (await api.channelById(id)).slug ?? meanwhile(id), meanwhile }),
    /** The id of the channel that goes by a name. */
    idOf: async (slug) => (await api.channel(slug.replace(/^#/, ''))).id,
  }
}

/** A form that asks for a channel by its name. `further` are controls besides; `onSubmit(name)` */
export const channelForm = ({ label, help, submit, further = [], onSubmit }) => {
  const name = labelled(
    { label, help },
    create('input', {
      required: '',
      minlength: '3',
      maxlength: '26',
      pattern: '#?[A-Za-z0-9_]+',
      title: '3 to 25 letters, digits or _',
      autocomplete: 'off',
      autocapitalize: 'none',
      spellcheck: 'false',
    }),
  )
  const go = button(submit, () => {}, { type: 'submit' })
  const form = create('form', { class: 'adds', 'aria-label': submit }, name.element, ...further, go)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    name.tell()
    onSubmit(name.control.value.trim())
  })
  return { element: form, name, go }
}
