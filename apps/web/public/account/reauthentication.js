import { onPress, onSubmit, tell } from './form.js'
import { hasPasskeys } from './passkeys.js'

/**
 * The dialog in which a person shows once more who they are, since what they do wants a login not older than ten minutes.
 * `elements`: dialog, form, passkey (button), problem.
 */
export const createReauthentication = ({ api, elements }) => {
  const { dialog, form, passkey, problem } = elements
  const { password, code } = form.elements
  let asking
  let settle

  const done = async (shown) => {
    await shown
    settle.resolve()
    dialog.close()
  }

  onSubmit(form, problem, (data) =>
    done(api.authenticate({ password: data.get('password'), code: data.get('code')?.trim() || undefined })),
  )
  onPress(passkey, problem, () => done(api.authenticateByPasskey()))
  dialog.addEventListener('close', () => {
    form.reset()
    settle.reject(new Error('It was not done: it takes showing once more that it is you.'))
  })

  const show = async () => {
    const factors = await api.factors()
    for (const [field, isAsked] of [
      [password, factors.password],
      [code, factors.password && factors.totp],
    ]) {
      field.closest('label').hidden = !isAsked
      field.disabled = !isAsked
    }
    form.querySelector('[type=submit]').hidden = !factors.password
    passkey.hidden = factors.passkeys.length === 0 || !hasPasskeys()
    tell(problem)
    settle = Promise.withResolvers()
    dialog.showModal()
    return settle.promise
  }

  return {
    /** Resolves once it was shown; rejects where the dialog is closed. Of several at once all wait for the same answer. */
    ask: () => {
      asking ??= show().finally(() => {
        asking = undefined
      })
      return asking
    },
  }
}
