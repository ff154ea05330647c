/** What is refused for bans of addresses. */
export const addressBanErrors = {
  'channel.address_banned': {
    status: 403,
    title: 'Somebody who came from this address is banned from the channel',
    remedy: 'Ask a moderator of the channel; `remainingMs` says how long it holds, where it has an end.',
  },
  'channel.address_not_banned': {
    status: 409,
    title: 'No addresses are banned with this member',
    remedy: 'Nothing has to be done.',
  },
  'channel.too_many_address_bans': {
    status: 409,
    title: 'Too many addresses are banned in this channel',
    remedy: 'Lift some of `max`, or ban the member alone.',
  },
} as const
