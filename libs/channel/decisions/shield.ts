import type { ChannelCommandOf } from '../commands.ts'
import { unknown } from '../rules/existence.ts'
import { presetUnfit } from '../rules/modes.ts'
import { notAllowed } from '../rules/ranks.ts'
import { unfitReason } from '../rules/text.ts'
import { acceptHidden, type Decide } from './accept.ts'

/** Where shield mode is on, it counts at once. */
export const setShieldPreset: Decide<ChannelCommandOf<'SetShieldPreset'>> = (
  { modes, values, reason },
  channel,
  context,
) =>
  unknown(channel) ??
  notAllowed(channel, 'change_settings', context) ??
  presetUnfit(modes, values) ??
  unfitReason(reason) ??
  acceptHidden(channel, context, [{ type: 'ShieldPresetSet', actor: context.principal, modes, values }], {
    action: 'set_shield_preset',
    value: modes.length,
    reason,
  })
