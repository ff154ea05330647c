import type { Caller } from '#libs/http/route.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import type { Streams } from './streams/streams.ts'

/** What the routes of public topics stand on. */
export type IntegrationEdge = {
  readonly streams: Pick<Streams, 'open'>
  readonly streamsFor: 'everybody' | 'accounts' | 'nobody'
  /** Whether somebody has been logged out since their token was checked. */
  readonly isRevoked: (caller: Caller) => boolean
  readonly catalogue: Catalogue
}
