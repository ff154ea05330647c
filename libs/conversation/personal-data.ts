import { id, number, type PersonalData, plain, time } from '#libs/readmodel/personal-data/table.ts'

/** What the read model of whispers has about people. Nothing stands in the lane of another that is not in one's own, too. */
export const conversationPersonalData: PersonalData = {
  tables: [
    {
      file: 'whispers',
      what: 'Whispers sent and received',
      atErasure: 'gone',
      table: 'whispers',
      key: ['account_id', 'whisper_seq'],
      account: 'account_id',
      where: 'whisper_id is not null',
      columns: {
        number: number('whisper_seq'),
        at: time('at'),
        with: id('peer_id'),
        author: id('author_id'),
        authorName: plain('name'),
        text: plain('text'),
        id: plain('whisper_id'),
      },
      leftOut: {
        account_id: 'the person’s own',
        type: 'whether it was sent or received, which the author says',
        n: 'a number of the read model, of nobody',
        up_to: 'of other rows: how far was read, in conversations.json',
        allow: 'of other rows: who may whisper, in whisper-settings.json',
      },
    },
    {
      file: 'conversations',
      what: 'With whom the account has whispered, and how far it has read',
      atErasure: 'gone',
      table: 'conversations',
      key: ['account_id', 'peer_id'],
      account: 'account_id',
      columns: { with: id('peer_id'), lastNumber: number('last_seq'), readUpTo: number('read_up_to') },
      leftOut: { account_id: 'the person’s own' },
    },
    {
      file: 'whisper-settings',
      what: 'Who may whisper to the account',
      atErasure: 'gone',
      table: 'inboxes',
      key: ['account_id'],
      account: 'account_id',
      columns: { allow: plain('allow') },
      leftOut: { account_id: 'the person’s own', whisper_seq: 'how far the lane has come' },
    },
  ],
  notExported: { blocked_senders: 'a copy of blocked-accounts.json' },
}
