import type { ChannelCommand } from '../commands.ts'
import type { Decide } from './accept.ts'
import { linkAlts, unlinkAlts } from './alts.ts'
import { answerAppeal, appealAction } from './appeals.ts'
import {
  addBanListSubscriber,
  endBanListSubscription,
  publishBanList,
  removeBanListSubscriber,
  subscribeBanList,
  unsubscribeBanList,
} from './ban-lists.ts'
import { decideTerm } from './blocked-terms.ts'
import { actInGroup, adoptChannelGroup, applyGroupAct, setChannelGroup } from './groups.ts'
import { applyBanLists, importBans, receiveBanList, reviewBanList } from './listed-bans.ts'
import { setQuorum, voteOnBan } from './quorum.ts'
import { claimReport, closeReport, reportMember } from './reports.ts'
import { setShieldPreset } from './shield.ts'

const types = [
  'ReportMember',
  'ClaimReport',
  'CloseReport',
  'DecideTerm',
  'AppealAction',
  'AnswerAppeal',
  'SetQuorum',
  'VoteOnBan',
  'PublishBanList',
  'SubscribeBanList',
  'UnsubscribeBanList',
  'EndBanListSubscription',
  'AddBanListSubscriber',
  'RemoveBanListSubscriber',
  'ReceiveBanList',
  'ReviewBanList',
  'ApplyBanLists',
  'ImportBans',
  'LinkAlts',
  'UnlinkAlts',
  'SetChannelGroup',
  'AdoptChannelGroup',
  'ActInGroup',
  'ApplyGroupAct',
  'SetShieldPreset',
] as const

export type CaseworkCommand = Extract<ChannelCommand, { type: (typeof types)[number] }>

const known: ReadonlySet<string> = new Set(types)

/** Whether a command is about cases: reports, appeals, proposals and the like. */
export const isCasework = (command: ChannelCommand): command is CaseworkCommand => known.has(command.type)

export const decideCasework: Decide<CaseworkCommand> = (command, channel, context) => {
  switch (command.type) {
    case 'ReportMember':
      return reportMember(command, channel, context)
    case 'ClaimReport':
      return claimReport(command, channel, context)
    case 'CloseReport':
      return closeReport(command, channel, context)
    case 'DecideTerm':
      return decideTerm(command, channel, context)
    case 'AppealAction':
      return appealAction(command, channel, context)
    case 'AnswerAppeal':
      return answerAppeal(command, channel, context)
    case 'SetQuorum':
      return setQuorum(command, channel, context)
    case 'VoteOnBan':
      return voteOnBan(command, channel, context)
    case 'PublishBanList':
      return publishBanList(command, channel, context)
    case 'SubscribeBanList':
      return subscribeBanList(command, channel, context)
    case 'UnsubscribeBanList':
      return unsubscribeBanList(command, channel, context)
    case 'EndBanListSubscription':
      return endBanListSubscription(command, channel, context)
    case 'AddBanListSubscriber':
      return addBanListSubscriber(command, channel, context)
    case 'RemoveBanListSubscriber':
      return removeBanListSubscriber(command, channel, context)
    case 'ReceiveBanList':
      return receiveBanList(command, channel, context)
    case 'ReviewBanList':
      return reviewBanList(command, channel, context)
    case 'ApplyBanLists':
      return applyBanLists(command, channel, context)
    case 'ImportBans':
      return importBans(command, channel, context)
    case 'LinkAlts':
      return linkAlts(command, channel, context)
    case 'UnlinkAlts':
      return unlinkAlts(command, channel, context)
    case 'SetChannelGroup':
      return setChannelGroup(command, channel, context)
    case 'AdoptChannelGroup':
      return adoptChannelGroup(command, channel, context)
    case 'ActInGroup':
      return actInGroup(command, channel, context)
    case 'ApplyGroupAct':
      return applyGroupAct(command, channel, context)
    case 'SetShieldPreset':
      return setShieldPreset(command, channel, context)
  }
}
