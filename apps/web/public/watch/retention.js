import { confirmed } from '../confirm.js'

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

export const daysOf = (count) => `${count} ${count === 1 ? 'day' : 'days'}`

/** What would be deleted at once, in words, where things stay for so many days and not as they `stood`; 0 days are for ever. */
const deletedWords = (wanted, stood) =>
  Object.entries({ retentionDays: 'recordings', clipRetentionDays: 'clips' })
    .filter(([name]) => wanted[name] > 0 && !(stood && stood[name] > 0 && wanted[name] >= stood[name]))
    .map(([name, what]) => `${what} older than ${daysOf(wanted[name])}`)
    .join(' and ')

/** Whether a channel’s broadcasts are kept, and for how long: a form that is filled anew by `show()`. `elements`: kept, used. */
export const createRetention = ({ api, elements, channelId, attempt }) => {
  const { kept, used } = elements
  /** How long things stay now, as far as that is known. */
  let stood

  const show = async () => {
    stood = await api.recordingSettings(channelId())
    for (const name of ['isOn', 'retentionDays', 'clipRetentionDays']) kept.elements[name].value = String(stood[name])
    used.textContent = usedWords(stood)
  }

  const isMeant = (wanted) => {
    const deleted = deletedWords(wanted, stood)
    return (
      deleted === '' ||
      confirmed({
        title: 'Delete what is older?',
        words: `All ${deleted} are deleted at once, for everybody. They cannot be brought back.`,
        yes: 'Delete them, and keep it so',
      })
    )
  }

  kept.addEventListener(
    'submit',
    attempt(async () => {
      const { isOn, retentionDays, clipRetentionDays } = Object.fromEntries(new FormData(kept))
      const days = { retentionDays: Number(retentionDays), clipRetentionDays: Number(clipRetentionDays) }
      if (!(await isMeant(days))) return
      await api.changeRecordings(channelId(), { isOn: isOn === 'true', ...days })
      stood = days
    }),
  )
  return { show }
}
