const MEBIBYTE = 2 ** 20

const sizeWords = (bytes) =>
  bytes < 1024 * MEBIBYTE ? `${Math.ceil(bytes / MEBIBYTE)} MiB` : `${(bytes / 1024 / MEBIBYTE).toFixed(1)} GiB`

const warnings = {
  quota_near: ' At all of it broadcasts go on, and are not recorded any more.',
  quota_reached: ' That is all of it: broadcasts go on, and are not recorded.',
}

/** What of its quota a channel has used, in words. */
export const usedWords = ({ usedBytes, quotaBytes, warning }) =>
  `${sizeWords(usedBytes)} are used${quotaBytes === null ? '' : ` of ${sizeWords(quotaBytes)}`}.${warnings[warning] ?? ''}`

/** Whether a channel’s broadcasts are kept, and for how long: a form that is filled anew by `show()`. `elements`: kept, used. */
export const createRetention = ({ api, elements, channelId, attempt }) => {
  const { kept, used } = elements

  const show = async () => {
    const found = await api.recordingSettings(channelId())
    for (const name of ['isOn', 'retentionDays', 'clipRetentionDays']) kept.elements[name].value = String(found[name])
    used.textContent = usedWords(found)
  }

  kept.addEventListener(
    'submit',
    attempt(async () => {
      const { isOn, retentionDays, clipRetentionDays } = Object.fromEntries(new FormData(kept))
      await api.changeRecordings(channelId(), {
        isOn: isOn === 'true',
        retentionDays: Number(retentionDays),
        clipRetentionDays: Number(clipRetentionDays),
      })
    }),
  )
  return { show }
}
