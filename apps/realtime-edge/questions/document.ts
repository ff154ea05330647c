import { z } from 'zod'
import type { RouteDocument } from '#libs/http/route.ts'
import type { QuestionDocument } from '#libs/protocols/native/asyncapi.ts'
import { commandSchema, querySchema } from '#libs/protocols/native/questions.ts'
import type { Json } from '#libs/protocols/native/yaml.ts'
import { exampleOf } from './examples.ts'
import { frameOf, offeredRoutes } from './offered.ts'

/** As a member of a JSON pointer within a URI (RFC 6901, section 6). */
const pointed = (name: string): string =>
  encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1')).replaceAll('%7E', '~')

/** Where the OpenAPI document has what a route answers with. */
const answerOf = ({ path, method, responses }: RouteDocument): string => {
  const [status, spec] = Object.entries(responses)[0] ?? []
  const place = ['paths', path, method.toLowerCase(), 'responses', `${status}`, 'content']
  return `./openapi.yaml#/${[...place, spec?.contentType ?? 'application/json', 'schema'].map(pointed).join('/')}`
}

const schemaOf = ({ id, command, ifMatch, reads, params, query, body }: RouteDocument): z.ZodType => {
  const asked = { ...params?.shape, ...query?.shape }
  const isNeeded = Object.values(asked).some((field) => !(field as z.ZodType).safeParse(undefined).success)
  const parameters = z.strictObject(asked)
  const { minPosition, expectedVersion, ...common } = command
    ? { ...commandSchema.shape, command: z.literal(id) }
    : { ...querySchema.shape, query: z.literal(id), expectedVersion: undefined }
  return z.strictObject({
    ...common,
    params: isNeeded ? parameters : parameters.optional(),
    body: body ?? z.never().optional(),
    ...(ifMatch &&
      expectedVersion && { expectedVersion: ifMatch === 'required' ? expectedVersion.unwrap() : expectedVersion }),
    ...(reads && { minPosition }),
  })
}

/** Everything that is asked for by `query` or `command`, for the AsyncAPI document. */
export const questionDocuments = (): readonly QuestionDocument[] =>
  offeredRoutes.map((route) => ({
    name: `${frameOf(route)}.${route.id}`,
    summary: route.summary,
    schema: schemaOf(route),
    answer: answerOf(route),
    example: exampleOf(frameOf(route), route.id) as Json,
  }))
