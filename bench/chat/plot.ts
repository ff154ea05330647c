export type Curve = {
  readonly label: string
  readonly points: readonly { readonly percent: number; readonly ms: number }[]
}

const width = 720
const height = 400
const margin = { left: 56, right: 150, top: 24, bottom: 48 }
const colours = ['#4263eb', '#f08c00', '#868e96', '#ced4da']
const ticks = [0, 50, 90, 99, 99.9, 99.99]

/** Percentile against latency, the percentile's axis by nines. SVG. */
export const plotPercentiles = (title: string, curves: readonly Curve[]): string => {
  const highest = Math.max(1, ...curves.flatMap(({ points }) => points.map(({ ms }) => ms)))
  const nines = (percent: number) => Math.min(4, -Math.log10(1 - Math.min(percent, 99.99) / 100))
  const x = (percent: number) => margin.left + (nines(percent) / 4) * (width - margin.left - margin.right)
  const y = (ms: number) => height - margin.bottom - (ms / highest) * (height - margin.top - margin.bottom)
  const lines = curves.map(({ label, points }, index) => {
    const colour = colours[index % colours.length]
    const path = points.map(({ percent, ms }) => `${x(percent).toFixed(1)},${y(ms).toFixed(1)}`).join(' ')
    const last = points.at(-1)
    return (
      `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${path}"/>` +
      `<text x="${width - margin.right + 8}" y="${(last ? y(last.ms) : 0).toFixed(1)}" fill="${colour}">${label}</text>`
    )
  })
  const percentTicks = ticks.map(
    (percent) => `<text x="${x(percent)}" y="${height - 24}" text-anchor="middle">P${percent}</text>`,
  )
  const msTicks = [0, 0.25, 0.5, 0.75, 1].map(
    (part) =>
      `<text x="${margin.left - 8}" y="${y(part * highest) + 4}" text-anchor="end">${(part * highest).toFixed(1)} ms</text>`,
  )
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">` +
    `<rect width="100%" height="100%" fill="white"/><text x="${margin.left}" y="16" font-weight="bold">${title}</text>` +
    `${[...lines, ...percentTicks, ...msTicks].join('')}</svg>\n`
  )
}
