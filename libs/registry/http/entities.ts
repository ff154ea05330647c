import { guidOf } from '../content.ts'
import type { Content, Version } from '../model.ts'

/** How things stand in answers. The type of a schema is left out where it is AVRO, and references where there are none. */

const referencesOf = ({ references }: Content) => (references.length > 0 ? { references } : {})

export const contentEntity = (content: Content) => ({
  schema: content.text,
  ...referencesOf(content),
  guid: guidOf(content),
})

export const versionEntity = (version: Version) => ({
  subject: version.subject,
  version: version.version,
  id: version.id,
  guid: guidOf(version),
  ...referencesOf(version),
  schema: version.text,
})
