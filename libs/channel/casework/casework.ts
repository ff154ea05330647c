import { Map as ImmutableMap } from 'immutable'
import type { EvolveContext } from '#libs/journal/decider.ts'
import type { ChannelEvent, ChannelEventOf } from '../events.ts'
import type { Effective } from '../state/modes.ts'
import { type Alts, linkAlts, noAlts, unlinkAlts } from './alts.ts'
import type { Appeal } from './appeals.ts'
import { type BanLists, changeBanLists, noBanLists } from './ban-lists.ts'
import { type BlockedTerm, blockTerm, decideTerm } from './blocked-terms.ts'
import { approveBan, type Proposal, proposeBan, type Quorum } from './proposals.ts'
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
import { changeSanction, noSanctions, type Sanction, type Sanctions, sanctionIn } from './sanctions.ts'

/** What moderators have on their desk, and what they go by: all of a channel's state that is about cases. */
export type Casework = {
  readonly reports: Reports
  readonly terms: readonly BlockedTerm[]
  readonly sanctions: Sanctions
  /** The oldest first. */
  readonly appeals: readonly Appeal[]
  /** Null where one moderator is enough. */
  readonly quorum: Quorum | null
  readonly proposals: readonly Proposal[]
  readonly banLists: BanLists
  readonly alts: Alts
  /** The other channels that belong together with this one. */
  readonly group: readonly string[]
  /** What shield mode switches on; null: the platform's own preset. */
  readonly shieldPreset: Effective | null
}

export const noCasework: Casework = {
  reports: noReports,
  terms: [],
  sanctions: noSanctions,
  appeals: [],
  quorum: null,
  proposals: [],
  banLists: noBanLists,
  alts: noAlts,
  group: [],
  shieldPreset: null,
}

/** What stands in no lane, and is about cases alone. */
export const caseworkTypes = [
  'AltsLinked',
  'AltsUnlinked',
  'AppealAnswered',
  'AppealOpened',
  'BanListChanged',
  'BanListPublished',
  'BanListReceived',
  'BanListReviewed',
  'BanListSubscribed',
  'BanListSubscriberAdded',
  'BanListSubscriberRemoved',
  'BanListUnsubscribed',
  'BanApproved',
  'BanProposalEnded',
  'BanProposed',
  'ChannelGroupAdopted',
  'ChannelGroupLeft',
  'ChannelGroupSet',
  'EvidenceKept',
  'GroupActed',
  'QuorumSet',
  'ReportClaimed',
  'ReportClosed',
  'ReportOpened',
  'ShieldPresetSet',
  'TermBlocked',
  'TermDecided',
] as const satisfies readonly ChannelEvent['type'][]

export type CaseworkEvent = Extract<ChannelEvent, { type: (typeof caseworkTypes)[number] }>

const types: ReadonlySet<string> = new Set(caseworkTypes)

export const isCaseworkEvent = (event: ChannelEvent): event is CaseworkEvent => types.has(event.type)

/** What most events leave as it is. */
export const evolveCasework = (casework: Casework, event: ChannelEvent, context: EvolveContext): Casework => {
  if (isCaseworkEvent(event)) return applyCase(casework, event, context)
  const changed = sanctionIn(event)
  if (!changed) return casework
  const { kind, member, begins } = changed
  const sanction = begins ? { actId: context.commandId, appealed: false } : undefined
  return {
    ...casework,
    sanctions: changeSanction(casework.sanctions, kind, member, sanction),
    // What it was about is over, or has begun anew.
    appeals: casework.appeals.filter((each) => each.appellant !== member || each.sanction !== kind),
  }
}

/** The modes of a preset with their values; null where there are none. */
const presetOf = ({ modes, values }: ChannelEventOf<'ShieldPresetSet'>): Effective | null =>
  modes.length === 0 ? null : Object.fromEntries(modes.map((mode, index) => [mode, values[index] ?? 0]))

const applyCase = (casework: Casework, event: CaseworkEvent, { at, commandId }: EvolveContext): Casework => {
  switch (event.type) {
    case 'EvidenceKept':
    case 'BanListChanged':
    case 'GroupActed':
      return casework
    case 'BanListPublished':
    case 'BanListSubscribed':
    case 'BanListUnsubscribed':
    case 'BanListSubscriberAdded':
    case 'BanListSubscriberRemoved':
    case 'BanListReceived':
    case 'BanListReviewed':
      return { ...casework, banLists: changeBanLists(casework.banLists, event, at) }
    case 'AltsLinked':
      return { ...casework, alts: linkAlts(casework.alts, event.member, event.alt) }
    case 'AltsUnlinked':
      return { ...casework, alts: unlinkAlts(casework.alts, event.member, event.alt) }
    case 'ChannelGroupSet':
    case 'ChannelGroupAdopted':
      return { ...casework, group: event.channels }
    case 'ChannelGroupLeft':
      return { ...casework, group: [] }
    case 'ShieldPresetSet':
      return { ...casework, shieldPreset: presetOf(event) }
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
    case 'AppealOpened': {
      const { appellant, sanction, actId } = event
      return {
        ...casework,
        sanctions: changeSanction(casework.sanctions, sanction, appellant, { actId, appealed: true }),
        appeals: [...casework.appeals, { id: commandId, appellant, sanction, actId, openedAt: at }],
      }
    }
    case 'AppealAnswered': {
      const { appealId, appellant, sanction, answer } = event
      const appeals = casework.appeals.filter(({ id }) => id !== appealId)
      if (answer !== 'shortened') return { ...casework, appeals }
      // What goes on is a sanction of its own, and was appealed against.
      const went = { actId: commandId, appealed: true }
      return { ...casework, appeals, sanctions: changeSanction(casework.sanctions, sanction, appellant, went) }
    }
    case 'QuorumSet': {
      const { approvals, lapseMs } = event
      return { ...casework, quorum: approvals === null ? null : { approvals, lapseMs } }
    }
    case 'BanProposed':
      return { ...casework, proposals: proposeBan(casework.proposals, event, commandId) }
    case 'BanApproved':
      return { ...casework, proposals: approveBan(casework.proposals, event) }
    case 'BanProposalEnded': {
      const { proposalId, member, cause } = event
      const proposals = casework.proposals.filter(({ id }) => id !== proposalId)
      if (cause !== 'approved') return { ...casework, proposals }
      // The ban is the act that was proposed, with what was kept of it then.
      const begun = { actId: proposalId, appealed: false }
      return { ...casework, proposals, sanctions: changeSanction(casework.sanctions, 'ban', member, begun) }
    }
  }
}

/** As a snapshot has it. */
export type EncodedCasework = Omit<Casework, 'reports' | 'sanctions' | 'alts'> & {
  readonly reports: EncodedReports
  readonly sanctions: readonly (readonly [key: string, sanction: Sanction])[]
  readonly alts: readonly (readonly [member: string, alts: readonly string[]])[]
}

const byKey = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number => (one < other ? -1 : 1)

export const encodeCasework = (casework: Casework): EncodedCasework => ({
  ...casework,
  reports: encodeReports(casework.reports),
  sanctions: [...casework.sanctions].sort(byKey),
  alts: [...casework.alts].sort(byKey),
})

export const decodeCasework = (encoded: EncodedCasework): Casework => ({
  ...encoded,
  reports: decodeReports(encoded.reports),
  sanctions: ImmutableMap(encoded.sanctions),
  alts: ImmutableMap(encoded.alts),
})
