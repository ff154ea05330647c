import type { Sql } from 'postgres'
import type { Log } from '#libs/journal/log.ts'
import type { ObjectStore } from '#libs/journal/objects.ts'
import { type FoundFile, type FoundObject, searchFolder, searchObjects } from './files.ts'
import { type CanaryForms, canaryForms } from './forms.ts'
import { type FoundRows, searchTables } from './tables.ts'
import { type FoundRecord, searchTopic } from './topics.ts'

export type Found = FoundRecord | FoundRows | FoundObject | FoundFile

/** Where to look. */
export type CanaryPlaces = {
  readonly log: Log
  readonly topics: readonly string[]
  readonly sql: Sql
  readonly objects: ObjectStore
  /** `except` are the folders of the engines, whose contents are searched through the engines. */
  readonly folder?: { readonly path: string; readonly except: readonly string[] }
}

/**
 * Searches the raw bytes of every topic, table, object and file for a text that only one person has written, in clear
 * or encoded. Of what Postgres keeps besides rows, old versions of them are found by `searchPages`, and its write-ahead
 * log is not looked at.
 * @param canary 12 or more letters and digits
 */
export const searchCanary = (canary: string, places: CanaryPlaces): Promise<readonly Found[]> =>
  searchForms(canaryForms(canary), places)

/** The same for texts of which any is looked for: once for all of them. */
export const searchForms = async (forms: CanaryForms, places: CanaryPlaces): Promise<readonly Found[]> => {
  const found: Found[] = []
  for (const topic of places.topics) found.push(...(await searchTopic(places.log, topic, forms)))
  found.push(...(await searchTables(places.sql, forms)))
  found.push(...(await searchObjects(places.objects, forms)))
  if (places.folder) found.push(...(await searchFolder(places.folder.path, forms, places.folder.except)))
  return found
}
