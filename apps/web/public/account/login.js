import { createAccount } from '../account.js'
import { element, elementsOf } from '../dom.js'
import { createFactors } from './factors.js'
import { createReauthentication } from './reauthentication.js'

/** Who is logged in, with the dialogs of the page by which they are. `onChange(account)`: somebody else now, or nobody. */
export const createLogin = ({ api, onChange }) => {
  const account = createAccount({
    api,
    elements: {
      ...elementsOf(['enter', 'enterForm', 'enterTitle', 'enterSubmit', 'enterOther', 'enterPasskey', 'enterProblem']),
      ...elementsOf(['codeForm', 'codeProblem', 'change', 'changeForm', 'changeProblem', 'logIn', 'logOut', 'me']),
    },
    onChange,
  })
  const reauthentication = createReauthentication({
    api,
    elements: { dialog: element('again'), ...elementsOf(['form', 'passkey', 'problem'], 'again') },
  })
  createFactors({
    api,
    elements: {
      dialog: element('factors'),
      open: element('me'),
      problem: element('factors-problem'),
      ...elementsOf(['passkeys', 'passkeyForm', 'noPasskeys', 'codes', 'codesLeft', 'codesKeep', 'codesList']),
      ...elementsOf(['totpState', 'totpSetUp', 'totpRemove', 'totpForm', 'totpSecret', 'totpLink', 'totpPicture']),
      ...elementsOf(['codesRenew', 'passwordState', 'passwordForm', 'passwordRemove', 'dataExport']),
    },
  })
  return { ...account, reauthenticate: reauthentication.ask }
}
