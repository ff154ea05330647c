import type { ErrorTable } from '#libs/http/problem.ts'

/** What commands on emotes are rejected with. */
export const emoteErrors = {
  'channel.emote_unknown': {
    status: 404,
    title: 'There is no such emote here',
    remedy: 'Check the id; one that was removed is not changed any more.',
  },
  'channel.emote_name_invalid': {
    status: 422,
    title: 'An emote cannot be called that',
    remedy: 'Choose 2 to 32 of A-Z, a-z, 0-9 and _, a letter among them.',
  },
  'channel.emote_name_taken': {
    status: 409,
    title: 'There is an emote of that name',
    remedy:
      'Choose another name, which is compared without case; `by` says whether the channel or the platform has it.',
  },
  'channel.emote_image_invalid': {
    status: 422,
    title: 'That is no picture that was stored',
    remedy: 'Send the picture itself to POST /v1/channels/{channelId}/emotes.',
  },
  'channel.too_many_emotes': {
    status: 409,
    title: 'There are as many emotes as there may be',
    remedy: 'Remove one: there may be `max`.',
  },
} as const satisfies ErrorTable
