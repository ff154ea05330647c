/** Whispers of whoever is logged in. `read(path, query)` and `act(method, path, body)` ask as them. */
export const whisperCalls = ({ read, act }) => ({
  /** With whom, the latest first, and how far this goes in one's lane: `whisperSeq`. */
  conversations: () => read('/v1/whispers', { limit: 100 }),
  whispersWith: (account, before) => read(`/v1/whispers/with/${account}`, { before }),
  whisper: (account, text) => act('POST', `/v1/whispers/with/${account}`, { text }),
  /** Who goes by a handle: { id, name, wanted }. */
  whisperReceiver: (handle) => read('/v1/whispers/receivers', { handle }),
  markRead: (account, upTo) => act('PUT', `/v1/whispers/with/${account}/read`, { upTo }),
})
