import type { EvolveContext } from '#libs/journal/decider.ts'
import type { ChannelEvent } from '../events.ts'
import { type BlockedTerm, blockTerm, decideTerm } from './blocked-terms.ts'
import {
  claimReport,
  closeReport,
  decodeReports,
  type EncodedReports,
  encodeReports,
  noReports,
  openReport,
  type Reports,
} from './reports.ts'

/** What moderators have on their desk, and what they go by: all of a channel's state that is about cases. */
export type Casework = {
  readonly reports: Reports
  readonly terms: readonly BlockedTerm[]
}

export const noCasework: Casework = { reports: noReports, terms: [] }

/** What stands in no lane, and is about cases alone. */
export const caseworkTypes = [
  'EvidenceKept',
  'ReportClaimed',
  'ReportClosed',
  'ReportOpened',
  'TermBlocked',
  'TermDecided',
] as const satisfies readonly ChannelEvent['type'][]

export type CaseworkEvent = Extract<ChannelEvent, { type: (typeof caseworkTypes)[number] }>

const types: ReadonlySet<string> = new Set(caseworkTypes)

export const isCaseworkEvent = (event: ChannelEvent): event is CaseworkEvent => types.has(event.type)

/** What most events leave as it is. */
export const evolveCasework = (casework: Casework, event: ChannelEvent, { at, commandId }: EvolveContext): Casework => {
  switch (event.type) {
    case 'ReportOpened':
      return { ...casework, reports: openReport(casework.reports, event, commandId, at) }
    case 'ReportClaimed':
      return { ...casework, reports: claimReport(casework.reports, event) }
    case 'ReportClosed':
      return { ...casework, reports: closeReport(casework.reports, event) }
    case 'TermBlocked':
      return { ...casework, terms: blockTerm(casework.terms, event, commandId, at) }
    case 'TermDecided':
      return { ...casework, terms: decideTerm(casework.terms, event) }
    default:
      return casework
  }
}

/** As a snapshot has it. */
export type EncodedCasework = Omit<Casework, 'reports'> & { readonly reports: EncodedReports }

export const encodeCasework = (casework: Casework): EncodedCasework => ({
  ...casework,
  reports: encodeReports(casework.reports),
})

export const decodeCasework = (encoded: EncodedCasework): Casework => ({
  ...encoded,
  reports: decodeReports(encoded.reports),
})
