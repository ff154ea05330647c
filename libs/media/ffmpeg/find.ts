import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )

/**
 * The path of an ffmpeg: the one that is set, else that of the system.
 * @returns undefined where there is none, and what needs it is left out
 */
export const findFfmpeg = async (
  set: string | undefined,
  path = process.env.PATH ?? '',
): Promise<string | undefined> => {
  const places = set === undefined ? path.split(delimiter).map((folder) => join(folder, 'ffmpeg')) : [set]
  for (const place of places) if (await isExecutable(place)) return place
  return undefined
}
