/** What the address names: a channel, and perhaps a clip or a recording of it: `#ada`, `#ada/clip/…`, `#ada/vod/…`. */
const [name, kind, id] = location.hash.slice(1).split('/')
export const slug = name || 'lobby'
export const kept = id && (kind === 'clip' || kind === 'vod') ? { kind, id } : undefined

const ask = async (path) => {
  const response = await fetch(path)
  if (!response.ok) throw new Error(`The server answered ${response.status}`)
  return response.json()
}

const quietly = (asked) => {
  // Whoever needs it is told of a failure; until then it is nobody's.
  asked.catch(() => {})
  return asked
}

const channel = quietly(
  ask(`/v1/channels?slug=${encodeURIComponent(slug)}`).then(({ channels: [found] }) => {
    if (!found) throw Object.assign(new Error(`There is no channel ${slug}`), { code: 'channel.unknown' })
    return found
  }),
)

/**
 * What everybody sees is asked for before the page's other scripts are there, so that video begins as soon as it can.
 * For the first attempt alone: who tries again asks by the API's own means, and is told more.
 */
export const opening = {
  config: quietly(ask('/v1/config')),
  channel,
  broadcast: quietly(channel.then(({ id }) => ask(`/v1/channels/${id}/broadcast`))),
}
