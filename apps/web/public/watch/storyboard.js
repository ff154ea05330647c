const cue = /^(?:(\d+):)?(\d\d):(\d\d\.\d{3}) --> .*\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)$/gm

/** The pictures that a storyboard (WebVTT) at an address tells of, by the time from which each is good. */
export const picturesOf = (text, address) =>
  [...text.matchAll(cue)].map(([, hours = 0, minutes, seconds, file, ...place]) => {
    const [x, y, width, height] = place.map(Number)
    const from = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
    return { from, sheet: new URL(file, new URL(address, document.baseURI)).href, x, y, width, height }
  })

/** Pictures along the time of a recording, asked for once somebody wants one; none where there are none. */
export const openStoryboard = (address) => {
  let pictures
  const ask = async () => {
    try {
      const response = await fetch(address)
      return response.ok ? picturesOf(await response.text(), address) : []
    } catch {
      return []
    }
  }
  return {
    at: async (seconds) => {
      pictures ??= ask()
      return (await pictures).findLast(({ from }) => from <= seconds)
    },
  }
}
