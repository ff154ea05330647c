import { readFileSync } from 'node:fs'

/**
 * Reads an Avro schema of the repository, `schemas/<path>.avsc`, `journal/JournalRecord.v1` say. For use at start only:
 * codecs are made once, and a journal is decoded with the schemas that came with the release.
 */
export const readSchema = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../schemas/${path}.avsc`, import.meta.url), 'utf8'))
