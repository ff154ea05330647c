import { button, create } from './dom.js'

/** Asks before something that cannot be undone. @returns whether whoever was asked wants it */
export const confirmed = ({ title, words, yes }) =>
  new Promise((resolve) => {
    const heading = create('h2', { id: 'confirm-title' }, title)
    const leave = button('Cancel', () => dialog.close(), { autofocus: '' })
    const go = button(yes, () => dialog.close('yes'), { class: 'danger' })
    const dialog = create(
      'dialog',
      { class: 'confirm', role: 'alertdialog', 'aria-labelledby': heading.id, 'aria-describedby': 'confirm-words' },
      heading,
      create('p', { class: 'explains', id: 'confirm-words' }, words),
      create('div', { class: 'buttons' }, leave, go),
    )
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(dialog.returnValue === 'yes')
    })
    document.body.append(dialog)
    dialog.showModal()
  })
