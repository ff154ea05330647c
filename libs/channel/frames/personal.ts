import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'
import type { Opened } from '#libs/contracts/sealed.ts'
import { type ToldMark, toldMarks } from '#libs/protocols/native/acts.ts'
import type { ServerFrameOf } from '#libs/protocols/native/server-frames.ts'

const told = (mark: string): mark is ToldMark => (toldMarks as readonly string[]).includes(mark)

/** What concerns one account alone; undefined of all else. */
export const personalFrame = (
  channel: string,
  event: Opened<ChannelEvent>,
  at: number,
): { readonly accountId: string; readonly frame: ServerFrameOf<'personal'> } | undefined => {
  const framed = (accountId: string, body: ServerFrameOf<'personal'>['event']) => ({
    accountId,
    frame: { type: 'personal' as const, channel, at, event: body },
  })
  switch (event.type) {
    case 'MemberMarked': {
      const { member, mark, until, value, reason } = event
      if (!told(mark)) return undefined
      return framed(member, { kind: 'marked', mark, until, value, ...(typeof reason === 'string' && { reason }) })
    }
    case 'MarkEnded': {
      const { member, mark, cause } = event
      return told(mark) ? framed(member, { kind: 'mark-ended', mark, cause }) : undefined
    }
    case 'ChannelOffered':
      return framed(event.to, { kind: 'channel-offered', until: event.until })
    case 'OfferWithdrawn':
      return framed(event.to, { kind: 'offer-withdrawn' })
    case 'HeldMessageDenied':
      return framed(event.author, { kind: 'not-posted', messageId: event.messageId, cause: event.cause })
    case 'AppealAnswered': {
      const { appellant, appealId, answer, until, reason } = event
      const said = typeof reason === 'string' ? { reason } : {}
      return framed(appellant, { kind: 'appeal-answered', appeal: appealId, answer, until, ...said })
    }
    case 'ReportClosed': {
      const { reporter, reportId, resolution } = event
      return framed(reporter, { kind: 'report-closed', report: reportId, resolution })
    }
    default:
      return undefined
  }
}
