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

const broadcast = quietly(channel.then(({ id }) => ask(`/v1/channels/${id}/broadcast`)))

/** The rest of the page waits no longer for the video: from the beginning, and once the video has something to open. */
const REST_WITHIN_MS = 1_500
const PLAYS_WITHIN_MS = 500

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

const once = (target, event) => new Promise((resolve) => target.addEventListener(event, resolve, { once: true }))

/** All elements are there. */
const parsed = async () => {
  if (document.readyState === 'loading') await once(document, 'readystatechange')
}

/** What is live and for everybody is opened. */
const play = async () => {
  const [{ openFirst }, { broadcast: found }] = await Promise.all([import('./watch/first.js'), broadcast, parsed()])
  return found?.playlist ? openFirst(found) : undefined
}

const playing = kept ? undefined : quietly(play())

/**
 * What everybody sees is asked for, and plays, before the page's other scripts are there: they are many, and the video needs
 * none of them. For the first attempt alone: who tries again asks by the API's own means, and is told more.
 */
export const opening = { channel, broadcast, playing, config: quietly(ask('/v1/config')) }

/** To name some seventy modules to a browser takes it a tenth of a second, in which it does nothing else. */
const beginRest = async () => {
  const found = await Promise.race([playing?.catch(() => {}), wait(REST_WITHIN_MS)])
  await parsed()
  document.head.append(document.getElementById('rest').content)
  if (found) await Promise.race([once(found.video, 'playing'), wait(PLAYS_WITHIN_MS)])
  await import('./app.js')
}

beginRest()
