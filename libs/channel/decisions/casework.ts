import type { ChannelCommand } from '../commands.ts'
import type { Decide } from './accept.ts'
import { answerAppeal, appealAction } from './appeals.ts'
import { decideTerm } from './blocked-terms.ts'
import { setQuorum, voteOnBan } from './quorum.ts'
import { claimReport, closeReport, reportMember } from './reports.ts'

const types = [
  'ReportMember',
  'ClaimReport',
  'CloseReport',
  'DecideTerm',
  'AppealAction',
  'AnswerAppeal',
  'SetQuorum',
  'VoteOnBan',
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
  }
}
