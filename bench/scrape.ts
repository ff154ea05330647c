import type { RunningWhiply } from './whiply.ts'

/** The values of one metric, from Prometheus text. */
export const valuesOf = (text: string, metric: string): readonly number[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)))

/** How far the slowest partition of the slowest projection is behind. */
export const projectorLagSeconds = async (whiply: RunningWhiply): Promise<number> => {
  const response = await fetch(`http://127.0.0.1:${whiply.metricsPorts.get('projector')}/metrics`)
  const values = valuesOf(await response.text(), 'whiply_projection_lag_seconds')
  if (values.length === 0) throw new Error('the projector tells no lag')
  return Math.max(...values)
}
