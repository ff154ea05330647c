import { readFileSync } from 'node:fs'

/**
 * Reads an Avro schema of the repository, `schemas/<path>.avsc`, `journal/JournalRecord.v1` say. It blocks, so it is
 * for what is read once. A journal is decoded with the schemas that came with the release, which never change in place.
 */
export const readSchema = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../schemas/${path}.avsc`, import.meta.url), 'utf8'))
