import type { ObjectStore } from '#libs/journal/objects.ts'

/** Removes a picture by its place and key, or all of a place; where there is none it does nothing. */
export const removeImages = async (
  objects: Pick<ObjectStore, 'list' | 'remove'>,
  place: string,
  key?: string,
): Promise<void> => {
  const names = await objects.list(key === undefined ? `${place}/` : `${place}/${key}/`)
  for (const name of names) await objects.remove(name)
}
