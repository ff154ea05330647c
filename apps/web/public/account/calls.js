import { makePasskey, showPasskey } from './passkeys.js'

/**
 * Calls by which a person logs in, and changes how. `call` is made by anybody, `act` by who is logged in, `keep` takes the
 * token of an answer, and `replace` that of one which ends every session and brings another.
 */
export const accountCalls = ({ call, act, keep, replace }) => {
  const shownPasskey = async () => showPasskey(await call('POST', '/v1/sessions/passkey/options'))

  return {
    register: (handle, password) => call('POST', '/v1/accounts', { body: { handle, password } }),
    /** @returns the account, or the `challenge` of one that asks for a code besides: for `giveCode` */
    logIn: async (handle, password) => {
      const answer = await call('POST', '/v1/sessions', { body: { handle, password } })
      return answer.challenge ? answer : keep(answer)
    },
    giveCode: async (challenge, code) =>
      keep(await call('POST', '/v1/sessions/second-factor', { body: { challenge, code } })),
    logInByPasskey: async () =>
      keep(await call('POST', '/v1/sessions/passkey', { body: { credential: await shownPasskey() } })),
    /** Shows once more who one is: `{password, code}`. */
    authenticate: async (shown) => keep(await act('POST', '/v1/accounts/me/authentication', shown)),
    authenticateByPasskey: async () =>
      keep(await act('POST', '/v1/accounts/me/authentication', { credential: await shownPasskey() })),
    /** Who has no password, but passkeys, gives no old one. */
    changePassword: (oldPassword, newPassword) =>
      replace(act('PUT', '/v1/accounts/me/password', { oldPassword, newPassword })),
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
