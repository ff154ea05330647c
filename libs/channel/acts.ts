import type { Act, ActOf } from '#libs/protocols/native/acts.ts'
import type { ChannelCommand } from './commands.ts'

type Commands = { readonly [Kind in Act['kind']]: (act: ActOf<Kind>) => ChannelCommand }

const commands: Commands = {
  'set-mode': ({ mode, value, reason }) => ({ type: 'SetMode', mode, value, reason: reason ?? null }),
  follow: () => ({ type: 'FollowChannel' }),
  unfollow: () => ({ type: 'UnfollowChannel' }),
  'grant-subscription': ({ member, tier, durationMs }) => ({
    type: 'GrantSubscription',
    member,
    tier,
    durationMs: durationMs ?? null,
  }),
  'revoke-subscription': ({ member }) => ({ type: 'RevokeSubscription', member }),
}

/** The command of an act, whichever door it came through. */
export const actCommand = (act: Act): ChannelCommand => (commands[act.kind] as (act: Act) => ChannelCommand)(act)
