import type { DecideContext, Decision, Rejection } from '#libs/journal/decider.ts'
import type { Instant } from '#libs/journal/log.ts'
import type { IdentityCommandOf } from '../commands.ts'
import { reject } from '../errors.ts'
import type { IdentityDraft } from '../events.ts'
import { ofOpenAccount } from '../rules/open-account.ts'
import { notThemselves } from '../rules/senders.ts'
import { notStaff, unfitReason } from '../security/rules.ts'
import type { Account } from '../state.ts'

/** An archive is made of everything that is kept: whoever wants one anew waits so long. */
export const exportEveryMs = 3_600_000

const exportedLately = ({ exportedAt }: Account, at: Instant): Rejection | undefined => {
  const remainingMs = exportedAt === null ? 0 : exportedAt + exportEveryMs - at
  return remainingMs > 0 ? reject('identity.exported_lately', { remainingMs }) : undefined
}

type RecordExport = IdentityCommandOf<'RecordExport'>

/** Of their own people need give no reason; staff do, and its owner is told. */
export const decideExport = ofOpenAccount<RecordExport>(
  ({ reason }, account: Account, context: DecideContext): Decision<IdentityDraft> => {
    const refused =
      reason === null
        ? (notThemselves(account.key, context.principal) ?? exportedLately(account, context.at))
        : (notStaff(account, 'export_personal_data', context) ?? unfitReason(reason))
    const { key: accountId } = account
    return (
      refused ?? {
        kind: 'accepted',
        events: [{ type: 'PersonalDataExported', accountId, actor: context.principal, reason }],
        summary: {},
      }
    )
  },
)
