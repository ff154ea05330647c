/** A smaller rendition of a broadcast. */
export type Rung = { readonly name: string; readonly lines: number; readonly kilobitsPerSecond: number }

const all: readonly Rung[] = [
  { name: '1080p', lines: 1080, kilobitsPerSecond: 4500 },
  { name: '720p', lines: 720, kilobitsPerSecond: 2500 },
  { name: '480p', lines: 480, kilobitsPerSecond: 1200 },
  { name: '360p', lines: 360, kilobitsPerSecond: 700 },
  { name: '240p', lines: 240, kilobitsPerSecond: 400 },
  { name: '160p', lines: 160, kilobitsPerSecond: 250 },
]

/** Those of the rungs that are named and have fewer lines than the source, the largest first. */
export const rungsBelow = (lines: number, names: readonly string[]): readonly Rung[] =>
  all.filter((rung) => rung.lines < lines && names.includes(rung.name))
