import { createRetention } from './retention.js'

const HEALTH_MS = 2_000

const LEADS = new Set(['platform_admin', 'broadcaster'])

const row = (name, value) => {
  const [term, words] = ['dt', 'dd'].map((tag) => document.createElement(tag))
  term.textContent = name
  words.textContent = value
  return [term, words]
}

const healthRows = ({ state, viewers, warnings, refused, health }) => [
  ...row('State', state === 'off' ? 'not live' : state),
  ...row('Viewers', String(viewers)),
  ...(health
    ? [
        ...row('Bitrate', `${health.kilobitsPerSecond} kbit/s`),
        ...row('Pictures', `${health.framesPerSecond} a second, ${health.width} × ${health.height}`),
        ...row('Keyframes', health.keyframeIntervalMs === null ? '–' : `every ${health.keyframeIntervalMs / 1000} s`),
        ...row('Sound ahead of video', health.driftMs === null ? '–' : `${health.driftMs} ms`),
        ...row('Dropped', String(health.droppedFrames)),
      ]
    : []),
  ...warnings.flatMap(({ words }) => row('Warning', words)),
  ...(refused ? row('Refused', `${refused.words} (at ${new Date(refused.at).toLocaleTimeString()})`) : []),
]

/**
 * What a broadcaster needs: what the broadcast is called, where an encoder such as OBS publishes, and how it does.
 * `elements`: dialog, open, info (form), server, key, newKey, keyLabel, keyPurpose, keys,
 * health, kept (form), used, problem.
 */
export const createStudio = ({ api, elements, channelId }) => {
  const { dialog, open, info, server, key, newKey, keyLabel, keyPurpose, keys, health, problem } = elements
  let looking
  /** Something was written that is not saved: it is not overwritten by what comes from elsewhere. */
  let isTouched = false

  const tell = (error) => {
    problem.textContent = error?.message ?? ''
    problem.hidden = !error
  }

  const attempt = (work) => async (event) => {
    event?.preventDefault()
    tell()
    try {
      await work()
    } catch (error) {
      tell(error)
    }
  }

  /** In this answer it stands once. */
  const showSecret = ({ streamKey }) => {
    key.value = streamKey
    key.select()
  }

  const keyLine = ({ id, label, purpose, issuedAt, expiresAt, usedAt }) => {
    const [item, words, rotate, revoke] = ['li', 'span', 'button', 'button'].map((tag) => document.createElement(tag))
    const used = usedAt ? `used last ${new Date(usedAt).toLocaleString()}` : 'not used yet'
    const until = expiresAt ? `, good until ${new Date(expiresAt).toLocaleString()}` : ''
    const name = `${label ?? 'a key'}${purpose === 'test' ? ' (for tests)' : ''}`
    words.textContent = `${name}, of ${new Date(issuedAt).toLocaleDateString()}, ${used}${until}`
    rotate.type = 'button'
    rotate.className = 'quiet'
    rotate.textContent = 'New secret'
    rotate.addEventListener(
      'click',
      attempt(async () => showSecret(await api.rotateStreamKey(channelId(), id))),
    )
    revoke.type = 'button'
    revoke.className = 'quiet'
    revoke.textContent = 'Revoke'
    revoke.addEventListener(
      'click',
      attempt(async () => {
        await api.revokeStreamKey(channelId(), id)
        item.remove()
      }),
    )
    item.append(words, rotate, revoke)
    return item
  }

  const showKeys = async () => {
    const found = await api.streamKeys(channelId())
    server.value = found.secureServer ?? found.server
    keys.replaceChildren(...found.keys.map(keyLine))
  }

  const showHealth = async () => {
    try {
      health.replaceChildren(...healthRows(await api.broadcastHealth(channelId())))
    } catch (error) {
      tell(error)
    }
    clearTimeout(looking)
    if (dialog.open) looking = setTimeout(showHealth, HEALTH_MS)
  }

  const showInfo = async () => {
    const { info: found } = await api.broadcast(channelId())
    for (const name of ['title', 'category', 'language', 'visibility', 'audience'])
      info.elements[name].value = found[name] ?? ''
    info.elements.tags.value = found.tags.join(', ')
    isTouched = false
  }

  const save = async () => {
    const { tags, ...texts } = Object.fromEntries(new FormData(info))
    const words = tags.split(',').map((tag) => tag.trim())
    await api.changeBroadcast(channelId(), { ...texts, tags: words.filter((tag) => tag !== '') })
    isTouched = false
  }

  const retention = createRetention({ api, elements, channelId, attempt })

  const select = ({ currentTarget }) => currentTarget.select()

  open.addEventListener(
    'click',
    attempt(async () => {
      key.value = ''
      dialog.showModal()
      await Promise.all([showInfo(), showKeys(), showHealth(), retention.show()])
    }),
  )
  info.addEventListener('submit', attempt(save))
  info.addEventListener('input', () => {
    isTouched = true
  })
  newKey.addEventListener(
    'click',
    attempt(async () => {
      const label = keyLabel.value.trim() || undefined
      const purpose = keyPurpose.value
      const issued = await api.issueStreamKey(channelId(), { label, purpose })
      showSecret(issued)
      keyLabel.value = ''
      keys.append(keyLine({ id: issued.keyId, label, purpose, issuedAt: Date.now(), usedAt: null }))
    }),
  )
  for (const field of [server, key]) field.addEventListener('focus', select)
  dialog.addEventListener('close', () => {
    clearTimeout(looking)
    key.value = ''
  })
  return {
    /** Something has become of the channel’s broadcast. */
    happened: async () => {
      if (!dialog.open) return
      await showHealth()
      if (!isTouched) await showInfo().catch(() => {})
    },
    /** Keys are the broadcaster's alone. */
    setRole: (role) => {
      open.hidden = !LEADS.has(role)
    },
  }
}
