/** What streams of public topics are refused with. */
export const integrationErrors = {
  'integration.invalid_position': {
    status: 400,
    title: 'That is no position of this topic',
    remedy:
      'Send a position as this stream of this platform gave it, or `from=earliest`, `latest` or a time (RFC 3339).',
  },
  'integration.position_gone': {
    status: 410,
    title: 'What comes next has aged out of the topic',
    remedy: 'Events are missing between there and `earliest`. Go on from that position, or with `from=earliest`.',
  },
  'integration.too_many_streams': {
    status: 429,
    title: 'Too many streams at once from this account or address',
    remedy: 'End one first; `most` are open at once.',
  },
} as const
