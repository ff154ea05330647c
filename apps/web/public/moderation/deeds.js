const [MINUTE_MS, HOUR_MS, DAY_MS] = [60_000, 3_600_000, 86_400_000]

/** What can be done about a member, in the words of the page. `takes`: text that it is nothing without. */
export const deeds = [
  { words: 'Note', of: (member, text) => ({ kind: 'add-note', member, text }), takes: true },
  { words: 'Warn', of: (member, reason) => ({ kind: 'mark', member, mark: 'warning', reason }) },
  { words: 'The next step of the ladder', of: (member, reason) => ({ kind: 'escalate', member, reason }) },
  ...[
    ['1 minute', MINUTE_MS],
    ['10 minutes', 10 * MINUTE_MS],
    ['1 hour', HOUR_MS],
    ['1 day', DAY_MS],
    ['2 weeks', 14 * DAY_MS],
  ].map(([term, durationMs]) => ({
    words: `Time out for ${term}`,
    of: (member, reason) => ({ kind: 'time-out', member, durationMs, reason }),
  })),
  { words: 'Ban for a week', of: (member, reason) => ({ kind: 'ban', member, durationMs: 7 * DAY_MS, reason }) },
  { words: 'Ban', of: (member, reason) => ({ kind: 'ban', member, reason }) },
  {
    words: 'Ban, and from where they came',
    of: (member, reason) => ({ kind: 'ban', member, reason, addresses: 'address' }),
  },
  { words: 'Delete all their messages', of: (member, reason) => ({ kind: 'delete-messages', member, reason }) },
  { words: 'Mute', of: (member, reason) => ({ kind: 'mark', member, mark: 'mute', reason }) },
  { words: 'Have their messages wait', of: (member, reason) => ({ kind: 'mark', member, mark: 'low_trust', reason }) },
  { words: 'Show them to nobody else', of: (member, reason) => ({ kind: 'mark', member, mark: 'shadow', reason }) },
  { words: 'Mark as suspicious', of: (member, reason) => ({ kind: 'mark', member, mark: 'suspicious', reason }) },
  { words: 'Protect from moderators', of: (member, reason) => ({ kind: 'mark', member, mark: 'protected', reason }) },
]

/** The same in all channels of the group at once, for channels that are in one. */
export const groupDeeds = [
  ['Ban in all channels of the group', { act: 'ban' }],
  ['Time out for 1 hour in all channels of the group', { act: 'time_out', durationMs: HOUR_MS }],
  ['Mute in all channels of the group', { act: 'mute' }],
  ['Let write again in all channels of the group', { act: 'unban' }],
  ['End the timeout in all channels of the group', { act: 'lift_timeout' }],
  ['Unmute in all channels of the group', { act: 'unmute' }],
].map(([words, asked]) => ({ words, of: (member, reason) => ({ kind: 'act-in-group', ...asked, member, reason }) }))
