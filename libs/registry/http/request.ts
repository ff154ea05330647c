import type { Sql } from 'postgres'
import { z } from 'zod'
import type { Posted } from '../content.ts'
import { badRequest, invalidVersion, rulesNotKept } from '../errors.ts'
import { HIGHEST_ID } from '../model.ts'
import type { Page } from '../store.ts'

/** A request that has found its route. */
export type RegistryRequest = {
  /** Parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** JSON, undefined where none was sent. */
  readonly body: unknown
}

export type RegistryRoute = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `/subjects/{subject}/versions`; parts in braces are params. */
  readonly path: string
  readonly handle: (request: RegistryRequest, sql: Sql) => Promise<unknown>
}

export const param = ({ params }: RegistryRequest, name: string): string => params[name] ?? ''

/** Clients write booleans as their languages do: `true`, `True`. */
export const isAsked = ({ query }: RegistryRequest, name: string): boolean => query.get(name)?.toLowerCase() === 'true'

const wholeNumber = /^-?\d{1,10}$/

/** An id. @throws RegistryError 400 */
export const idParam = (request: RegistryRequest): number => {
  const given = param(request, 'id')
  if (!/^\d{1,10}$/.test(given) || Number(given) > HIGHEST_ID) throw badRequest('an id is a whole number below 2^31')
  return Number(given)
}

/** `latest`, or -1 for the same, or a number. @throws RegistryError 42202 */
export const versionParam = (request: RegistryRequest): number | 'latest' => {
  const given = param(request, 'version')
  if (given.toLowerCase() === 'latest' || given === '-1') return 'latest'
  const version = wholeNumber.test(given) ? Number(given) : 0
  if (version < 1 || version > HIGHEST_ID) throw invalidVersion(given.slice(0, 64))
  return version
}

/**
 * The part of a list that is asked for, `longest` at most; that many, too, where nothing is said. Clients that want all of
 * a list rarely say so: Confluent's registry gives them 1,000 schemas, or the names of 20,000 subjects.
 * @throws RegistryError 400
 */
export const pageOf = ({ query }: RegistryRequest, longest: number): Page => {
  const number = (name: string, otherwise: number): number => {
    const given = query.get(name)
    if (given === null) return otherwise
    if (!wholeNumber.test(given)) throw badRequest(`${name} is a whole number`)
    return Number(given) < 0 ? otherwise : Number(given)
  }
  return { offset: number('offset', 0), limit: Math.min(number('limit', longest), longest) }
}

/** @throws RegistryError 400 with what does not have its form */
export const bodyOf = <Body extends z.ZodType>({ body }: RegistryRequest, schema: Body): z.output<Body> => {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw badRequest(`the body, at ${issue?.path.join('/') || 'its top'}: ${issue?.message}`)
}

const MOST_REFERENCES = 100

const version = z.int().min(1).max(HIGHEST_ID)

const Reference = z.object({
  name: z.string().min(1).max(1024),
  subject: z.string().min(1).max(512),
  version: z.union([version, z.literal(-1)]),
})

const PostedBody = z.object({
  schema: z.string(),
  schemaType: z.string().nullish(),
  references: z.array(Reference).max(MOST_REFERENCES).nullish(),
  id: z.int().max(HIGHEST_ID).nullish(),
  version: z.int().max(HIGHEST_ID).nullish(),
  metadata: z.unknown().optional(),
  ruleSet: z.unknown().optional(),
})

/**
 * The body of whatever sends a schema. Numbers below 1 stand for none, as Confluent's clients send them.
 * @throws RegistryError 400, 42210
 */
export const postedOf = (request: RegistryRequest) => {
  const { schema, schemaType, references, id, version, metadata, ruleSet } = bodyOf(request, PostedBody)
  if ((metadata ?? ruleSet ?? null) !== null) throw rulesNotKept()
  const posted: Posted = { schema, schemaType: schemaType?.toUpperCase() || 'AVRO', references: references ?? [] }
  return { posted, id: positive(id), version: positive(version) }
}

const positive = (given: number | null | undefined): number | undefined =>
  typeof given === 'number' && given > 0 ? given : undefined
