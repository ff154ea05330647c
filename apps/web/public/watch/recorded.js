/**
 * What the playlist of a recording says of time: how long it is by now, in seconds, and where in it lies what was captured
 * at a moment (milliseconds since 1970). Between two sessions of an encoder nothing lies.
 */
export const recordedTimes = (playlist) => {
  const runs = []
  let seconds = 0
  for (const line of playlist.split('\n')) {
    const [, date] = /^#EXT-X-PROGRAM-DATE-TIME:(.+)$/.exec(line) ?? []
    if (date) runs.push({ from: seconds, capturedAt: Date.parse(date) })
    seconds += Number(/^#EXTINF:([\d.]+)/.exec(line)?.[1] ?? 0)
  }
  const endOf = (index) => runs[index + 1]?.from ?? seconds
  return {
    seconds,
    at: (capturedAt) => {
      const index = runs.findLastIndex((run) => run.capturedAt <= capturedAt)
      if (index === -1) return 0
      const { from, capturedAt: began } = runs[index]
      return Math.min(endOf(index), from + (capturedAt - began) / 1000)
    },
  }
}

/** Asks how far a recording has come; undefined where nothing is kept, or nothing that may be watched. */
export const askRecorded = async (api, id) => {
  try {
    const { url } = await api.vodPlayback(id)
    const response = await fetch(url)
    return response.ok ? recordedTimes(await response.text()) : undefined
  } catch {
    return undefined
  }
}
