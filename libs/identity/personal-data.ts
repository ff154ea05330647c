import { id, number, type PersonalData, plain, time } from '#libs/readmodel/personal-data/table.ts'

const ofTheModel = 'a number of the read model, of nobody'

/** What the read model of accounts has about people. */
export const identityPersonalData: PersonalData = {
  tables: [
    {
      file: 'account',
      what: 'The account: names, e-mail address, profile, terms, and how it stands with the platform',
      atErasure: 'unreadable',
      table: 'accounts',
      key: ['account_id'],
      account: 'account_id',
      columns: {
        accountId: id('account_id'),
        state: plain('state'),
        handle: plain('handle'),
        displayName: plain('display_name'),
        email: plain('email'),
        emailVerified: plain('email_verified'),
        addressesConfirmed: number('email_revision'),
        platformRole: plain('platform_role'),
        colour: plain('colour'),
        bio: plain('bio'),
        avatar: plain('avatar'),
        termsVersion: plain('terms_version'),
        handleChangedAt: time('handle_changed_at'),
        openedAt: time('opened_at'),
        eraseAt: time('erase_at'),
        suspendedUntil: time('suspended_until'),
      },
      leftOut: { handle_key: 'a keyed hash of the handle, which is here itself', n: ofTheModel },
    },
    {
      file: 'handles',
      what: 'The handles that the account has gone by',
      atErasure: 'gone',
      table: 'handle_history',
      key: ['account_id', 'since'],
      account: 'account_id',
      columns: { handle: plain('handle'), since: time('since'), until: time('until') },
      leftOut: { account_id: 'the person’s own', n: ofTheModel },
    },
    {
      file: 'blocked-accounts',
      what: 'Whom the account blocks',
      atErasure: 'gone',
      table: 'blocks',
      key: ['account_id', 'blocked_id'],
      account: 'account_id',
      columns: { account: id('blocked_id'), since: time('blocked_at') },
      leftOut: { account_id: 'the person’s own', n: ofTheModel },
    },
  ],
  notExported: {
    handles: 'keyed hashes of handles, each with who holds it; the handles themselves are in handles.json',
    address_bans: 'ranges of addresses that staff banned: of no account; who banned what is in acts.json',
  },
}
