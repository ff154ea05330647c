import type { Placed } from './timeline.ts'

/** Pictures of a recording on one sheet, in rows: all of pieces with the same init segment. */
export type Sheet = { readonly columns: number; readonly rows: number; readonly pieces: readonly Placed[] }

export const tile = { width: 160, height: 90 } as const
const COLUMNS = 10
const MOST_PICTURES = 100
const AT_LEAST_APART_SECONDS = 10

const initOf = ({ take, init }: Placed): string => `${take}/${init}`

/** Which pieces are shown: some seconds apart, and not more in all than a player wants to load. */
export const sheetsOf = (pieces: readonly Placed[]): readonly Sheet[] => {
  const last = pieces.at(-1)
  const lasts = last ? last.atSeconds + last.durationMs / 1000 : 0
  const apart = Math.max(AT_LEAST_APART_SECONDS, lasts / MOST_PICTURES)
  const shown = pieces.filter((piece, index) => {
    const before = pieces[index - 1]
    return !before || Math.floor(before.atSeconds / apart) < Math.floor(piece.atSeconds / apart)
  })
  return [...Map.groupBy(shown, initOf).values()].map((group) => ({
    columns: Math.min(COLUMNS, group.length),
    rows: Math.ceil(group.length / COLUMNS),
    pieces: group,
  }))
}

const clock = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(11, 23)
const hours = (seconds: number): string => {
  const whole = Math.floor(seconds / 3600)
  return `${String(whole).padStart(2, '0')}${clock(seconds % 3600).slice(2)}`
}

/** Where each picture is, as players read it: WebVTT whose cues name a part of a sheet. */
export const storyboardText = (sheets: readonly Sheet[], lasts: number, address: (sheet: number) => string): string => {
  const cues = sheets
    .flatMap(({ pieces, columns }, sheet) =>
      pieces.map(({ atSeconds }, index) => {
        const [x, y] = [(index % columns) * tile.width, Math.floor(index / columns) * tile.height]
        return { atSeconds, text: `${address(sheet)}#xywh=${x},${y},${tile.width},${tile.height}` }
      }),
    )
    .sort((one, other) => one.atSeconds - other.atSeconds)
  const lines = cues.map(
    ({ atSeconds, text }, index) =>
      `${hours(atSeconds)} --> ${hours(cues[index + 1]?.atSeconds ?? Math.max(lasts, atSeconds))}\n${text}\n`,
  )
  return `WEBVTT\n\n${lines.join('\n')}`
}
