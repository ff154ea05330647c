import { gauge } from '#libs/telemetry/instruments.ts'

/** The gauges of an ingest app; the function returned takes them away. */
export const ingestGauges = (read: {
  readonly encoders: () => number
  readonly broadcasts: () => number
}): (() => void) => {
  const removers = [
    gauge('whiply_encoders', 'Connections of encoders', () => [{ value: read.encoders() }]),
    gauge('whiply_broadcasts', 'Broadcasts that have an encoder here', () => [{ value: read.broadcasts() }]),
  ]
  return () => {
    for (const remove of removers) remove()
  }
}
