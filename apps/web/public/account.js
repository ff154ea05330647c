/** The dialogs by which a person logs in, registers, and changes a password. `onChange(account)`: somebody else now, or nobody. */
export const createAccount = ({ api, elements, onChange }) => {
  const { enter, enterForm, enterTitle, enterSubmit, enterOther, enterProblem } = elements
  const { change, changeForm, changeProblem, logIn, logOut, me } = elements
  let registering = false
  let current
  let oldPassword

  const show = (account) => {
    current = account
    logIn.hidden = Boolean(account)
    logOut.hidden = !account
    me.hidden = !account
    me.textContent = account?.name ?? ''
    onChange(account)
  }

  const turn = (toRegister) => {
    registering = toRegister
    enterTitle.textContent = toRegister ? 'Register' : 'Log in'
    enterSubmit.textContent = toRegister ? 'Register' : 'Log in'
    enterOther.textContent = toRegister ? 'Registered already? Log in' : 'New here? Register'
    const { password } = enterForm.elements
    password.autocomplete = toRegister ? 'new-password' : 'current-password'
    password.minLength = toRegister ? 8 : 1
    enterProblem.hidden = true
  }

  const telling = (problem, form, work) => async (event) => {
    event.preventDefault()
    problem.hidden = true
    const button = form.querySelector('[type=submit]')
    button.disabled = true
    try {
      await work(new FormData(form))
      form.reset()
    } catch (error) {
      problem.textContent = error.message
      problem.hidden = false
    } finally {
      button.disabled = false
    }
  }

  const askCode = () => {
    const code = prompt('The code of your app, or a recovery code')?.trim()
    if (!code) throw new Error('This account asks for a code.')
    return code
  }

  const open = () => {
    turn(false)
    enter.showModal()
  }

  enterForm.addEventListener(
    'submit',
    telling(enterProblem, enterForm, async (data) => {
      const [handle, password] = [data.get('handle').trim(), data.get('password')]
      if (registering) await api.register(handle, password)
      const account = await api.logIn(handle, password, askCode)
      enter.close()
      if (account.mustChangePassword) {
        oldPassword = password
        change.showModal()
      } else show(account)
    }),
  )

  changeForm.addEventListener(
    'submit',
    telling(changeProblem, changeForm, async (data) => {
      const password = data.get('password')
      if (password !== data.get('again')) throw new Error('The two are not the same.')
      const account = await api.changePassword(oldPassword, password)
      oldPassword = undefined
      change.close()
      show(account)
    }),
  )
  // Nothing can be done before the password is changed, so there is no way around.
  change.addEventListener('cancel', (event) => event.preventDefault())

  enterOther.addEventListener('click', () => turn(!registering))
  logIn.addEventListener('click', open)
  logOut.addEventListener('click', async () => {
    await api.logOut().catch(() => {})
    show(undefined)
  })

  return {
    current: () => current,
    open,
    /** Whoever is logged in by the session's cookie. */
    restore: async () => show(await api.whoAmI()),
    signedOut: () => {
      if (current) show(undefined)
    },
  }
}
