import { makePasskey, showPasskey } from './passkeys.js'

/**
 * Calls by which a person logs in, and changes how. `call` is made by anybody, `act` by who is logged in, `enter` takes the
 * token of an answer that brings another cookie, within a limit of time, and `replace` is told of one which ends every session besides.
 */
export const accountCalls = ({ call, act, enter, replace }) => {
  const shownPasskey = async () => showPasskey(await call('POST', '/v1/sessions/passkey/options'))
  const authenticate = (shown) => act('POST', '/v1/accounts/me/authentication', shown, { around: enter })

  return {
    register: (handle, password) => call('POST', '/v1/accounts', { body: { handle, password } }),
    /** @returns the account, or the `challenge` of one that asks for a code besides: for `giveCode` */
    logIn: (handle, password) =>
      enter((limit) => call('POST', '/v1/sessions', { body: { handle, password }, ...limit })),
    giveCode: (challenge, code) =>
      enter((limit) => call('POST', '/v1/sessions/second-factor', { body: { challenge, code }, ...limit })),
    logInByPasskey: async () => {
      const credential = await shownPasskey()
      return enter((limit) => call('POST', '/v1/sessions/passkey', { body: { credential }, ...limit }))
    },
    /** Shows once more who one is: `{password, code}`. */
    authenticate,
    authenticateByPasskey: async () => authenticate({ credential: await shownPasskey() }),
    /** Who has no password, but passkeys, gives no old one. */
    changePassword: (oldPassword, newPassword) =>
      replace(act('PUT', '/v1/accounts/me/password', { oldPassword, newPassword }, { around: enter })),
    /** By the secrets of links in mails, whoever is logged in. */
    confirmEmail: (secret) => call('POST', '/v1/email-confirmations', { body: { secret } }),
    resetPassword: (secret, newPassword) => call('PUT', '/v1/password-resets', { body: { secret, newPassword } }),
    keepFactors: (secret) => call('POST', '/v1/factor-reset-cancellations', { body: { secret } }),
    /** All that is kept about who is logged in, as a file. */
    exportData: () => act('POST', '/v1/accounts/me/export'),
    block: (account) => act('PUT', `/v1/accounts/me/blocks/${account}`),
    unblock: (account) => act('DELETE', `/v1/accounts/me/blocks/${account}`),
    /** Whom one blocks, as of a position where one is known. */
    blocks: (position) =>
      act('GET', `/v1/accounts/me/blocks${position ? `?min-position=${encodeURIComponent(position)}` : ''}`),
    removePassword: () => act('DELETE', '/v1/accounts/me/password'),
    factors: () => act('GET', '/v1/accounts/me/factors'),
    addPasskey: async (name) => {
      const credential = await makePasskey(await act('POST', '/v1/accounts/me/passkeys/options'))
      return act('POST', '/v1/accounts/me/passkeys', { name, credential })
    },
    renamePasskey: (id, name) => act('PATCH', `/v1/accounts/me/passkeys/${id}`, { name }),
    removePasskey: (id) => act('DELETE', `/v1/accounts/me/passkeys/${id}`),
    enrolTotp: () => act('POST', '/v1/accounts/me/totp'),
    confirmTotp: (code) => act('PUT', '/v1/accounts/me/totp', { code }),
    removeTotp: () => act('DELETE', '/v1/accounts/me/totp'),
    renewRecoveryCodes: () => act('POST', '/v1/accounts/me/recovery-codes'),
  }
}
