/**
 * What the registry refuses, by the numbers of Confluent's REST API (Schema Registry API Reference, "Errors"): the first
 * three digits are the HTTP status. Clients decide by them, so they stand for the stable codes used elsewhere.
 */
export class RegistryError extends Error {
  override readonly name = 'RegistryError'
  readonly errorCode: number

  constructor(errorCode: number, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.errorCode = errorCode
  }

  /** Of the HTTP answer. */
  get status(): number {
    return Number(String(this.errorCode).slice(0, 3))
  }
}

const error =
  <Given extends readonly unknown[]>(errorCode: number, words: (...given: Given) => string) =>
  (...given: Given): RegistryError =>
    new RegistryError(errorCode, words(...given))

export const badRequest = error(400, (what: string) => `The request cannot be read: ${what}.`)
export const noSuchPath = error(404, () => 'There is nothing at this path.')
export const wrongMethod = error(405, () => 'This path does not take that method.')
export const notAcceptable = error(406, () => 'None of the types in Accept can be answered with; JSON can.')
export const incompatible = error(
  409,
  (subject: string, details: readonly string[]) =>
    `The schema is incompatible with an earlier one of the subject "${subject}", details: [${details.join(', ')}]`,
)
export const bodyTooLarge = error(413, (limit: number) => `The body is larger than ${limit} bytes.`)
export const wrongMediaType = error(415, () => 'The body has to be JSON, in UTF-8 and not compressed.')

export const subjectNotFound = error(40401, (subject: string) => `Subject '${subject}' not found.`)
export const versionNotFound = error(40402, (version: number | 'latest') => `Version ${version} not found.`)
export const schemaNotFound = error(40403, (schema?: number | string) =>
  schema === undefined ? 'Schema not found' : `Schema ${schema} not found`,
)
export const subjectSoftDeleted = error(
  40404,
  (subject: string) => `Subject '${subject}' is deleted already. With permanent=true it goes for good.`,
)
export const subjectNotSoftDeleted = error(
  40405,
  (subject: string) => `Subject '${subject}' has to be deleted first, without permanent=true.`,
)
export const versionSoftDeleted = error(
  40406,
  (subject: string, version: number) =>
    `Version ${version} of subject '${subject}' is deleted already. With permanent=true it goes for good.`,
)
export const versionNotSoftDeleted = error(
  40407,
  (subject: string, version: number) =>
    `Version ${version} of subject '${subject}' has to be deleted first, without permanent=true.`,
)
export const noLevelOfItsOwn = error(
  40408,
  (subject: string) => `Subject '${subject}' does not have subject-level compatibility configured`,
)
export const noModeOfItsOwn = error(
  40409,
  (subject: string) => `Subject '${subject}' does not have subject-level mode configured`,
)

export const invalidSchema = error(42201, (why: string) => `Invalid schema: ${why}.`)
export const invalidVersion = error(
  42202,
  (given: string) => `The version "${given}" is neither "latest" nor a whole number from 1 to 2^31 - 1.`,
)
export const invalidLevel = error(
  42203,
  (levels: readonly string[]) => `Invalid compatibility level. Valid ones: ${levels.join(', ')}.`,
)
export const invalidMode = error(42204, (modes: readonly string[]) => `Invalid mode. Valid ones: ${modes.join(', ')}.`)
export const notPermitted = error(42205, (why: string) => why)
export const referenceExists = error(
  42206,
  (subject: string, version: number) => `Another schema refers to version ${version} of subject '${subject}'.`,
)
export const idDoesNotMatch = error(42207, (id: number) => `The schema is known already, by another id than ${id}.`)
export const invalidSubject = error(42208, (why: string) => `Invalid subject: ${why}.`)
export const schemaTooLarge = error(42209, (limit: number) => `The schema is longer than ${limit} characters.`)
export const rulesNotKept = error(42210, () => 'Rules and metadata of schemas are not kept by this registry.')

export const internal = error(500, () => 'Something went wrong in the registry; its log says what.')
export const storeAway = error(50001, () => 'The store of the registry does not answer.')
