import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )

/** Where `npm run ffmpeg` puts one that it brings. */
export const broughtFfmpeg = join(import.meta.dirname, '../../../.tools/ffmpeg')

/**
 * The path of an ffmpeg: the one that is set, else that of the system, else one that was brought.
 * @returns undefined where there is none, and what needs it is left out
 */
export const findFfmpeg = async (
  set: string | undefined,
  path = process.env.PATH ?? '',
  brought = broughtFfmpeg,
): Promise<string | undefined> => {
  const ofSystem = path.split(delimiter).map((folder) => join(folder, 'ffmpeg'))
  const places = set === undefined ? [...ofSystem, brought] : [set]
  for (const place of places) if (await isExecutable(place)) return place
  return undefined
}
