import type { Config } from '#libs/config/config.ts'
import { watchDisk } from '#libs/config/disk.ts'
import { gauge } from '#libs/telemetry/instruments.ts'

/** What is free at the data folder, and the bound below which posts are refused. The function returned takes both away. */
export const diskGauges = async (config: Pick<Config, 'data' | 'minFreeDisk'>): Promise<() => void> => {
  const disk = await watchDisk(config)
  const removers = [
    gauge('whiply_disk_free_bytes', 'Bytes that are free at the data folder', () =>
      [disk.free()].flatMap((value) => (value === undefined ? [] : { value })),
    ),
    gauge('whiply_disk_floor_bytes', 'MIN_FREE_DISK: below it posts are refused', () => [
      { value: config.minFreeDisk },
    ]),
  ]
  return () => {
    disk.close()
    for (const remove of removers) remove()
  }
}
