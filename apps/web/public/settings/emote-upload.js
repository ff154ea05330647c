import { create } from '../dom.js'
import { aboutEmote, nameInput, tierHelp, tierInput } from './emote-fields.js'
import { areFit, labelled, tellBeside } from './fields.js'
import { createTold } from './saving.js'

/** What a picture may be called, by the name of its file. */
export const nameFrom = (file) =>
  file
    .replace(/\.[^.]*$/, '')
    .replace(/[^A-Za-z0-9_]/g, '')
    .slice(0, 32)

/** A form that adds an emote. `onAdded(position)` */
export const createUpload = ({ api, channelId, onAdded }) => {
  const told = createTold(api)
  const picture = labelled(
    {
      label: 'Picture',
      help: 'PNG, JPEG, GIF, WebP or AVIF of up to 1 MB, moving or not; it is shown 32 pixels high, and up to three times as wide.',
    },
    create('input', { type: 'file', accept: 'image/png,image/jpeg,image/gif,image/webp,image/avif', required: '' }),
  )
  const name = labelled({ label: 'Name', help: 'What is written for it, capitals and all.' }, nameInput())
  const tier = labelled({ label: 'Lowest tier', help: tierHelp }, tierInput())
  const preview = create('img', { class: 'preview', alt: '', hidden: '' })
  const add = create('button', { type: 'submit', class: 'primary' }, 'Add the emote')
  const fields = { picture, name, tier }

  const show = (file) => {
    if (preview.src) URL.revokeObjectURL(preview.src)
    preview.hidden = !file
    if (file) preview.src = URL.createObjectURL(file)
    else preview.removeAttribute('src')
  }

  const form = create(
    'form',
    { class: 'fields boxed', 'aria-label': 'Add an emote', novalidate: '' },
    create('h4', {}, 'Add an emote'),
    picture.element,
    preview,
    create('div', { class: 'pair' }, name.element, tier.element),
    create('div', { class: 'buttons' }, add),
    told.element,
  )
  picture.control.addEventListener('change', () => {
    const [file] = picture.control.files
    show(file)
    picture.tell()
    if (file && name.control.value === '') name.control.value = nameFrom(file.name)
  })
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (!areFit(Object.values(fields))) return
    const given = { name: name.control.value.trim(), tier: tier.control.valueAsNumber || undefined }
    await told.attempt(() => api.addEmote(channelId(), given, picture.control.files[0]), {
      controls: [add],
      says: () => `${given.name} can be written from now on.`,
      after: async ({ position }) => {
        form.reset()
        show()
        await onAdded(position)
      },
      onError: (error) => {
        const isPicture = error.code?.startsWith('image.') || error.code === 'http.body_too_large'
        return tellBeside(error, fields, isPicture ? { [error.code]: 'picture' } : aboutEmote)
      },
    })
  })
  return { element: form }
}
