import type { Instant } from '#libs/journal/log.ts'
import { modes } from '#libs/protocols/native/modes.ts'
import type { ChannelEventOf } from '../events.ts'

export type Mode = ChannelEventOf<'ModeChanged'>['mode']

/** A mode that is on: its value, who switched it on and when. */
export type ModeSetting = { readonly value: number; readonly actor: string; readonly since: Instant }

/** The modes that are on. */
export type Modes = Readonly<Partial<Record<Mode, ModeSetting>>>

/** What counts for a post, by mode: what is set, and what shield mode sets besides. */
export type Effective = Readonly<Partial<Record<Mode, number>>>

/** What shield mode switches on at once, where a channel has no preset of its own; whatever is set more strictly stays so. */
export const shieldPreset: Effective = { slow: 30, followers_only: 600, verified: 1, account_age: 86_400 }

/** The same value for every channel without a mode, so that a post is done with them at one look. */
export const noModes: Effective = {}

/** The events know the modes that there are, no more and no less. */
const modeNames: readonly Mode[] = modes

/** `preset` is what shield mode sets. */
export const effectiveModes = (set: Modes, preset: Effective | null = null): Effective => {
  const shield = preset ?? shieldPreset
  const effective: Partial<Record<Mode, number>> = {}
  for (const mode of modeNames) {
    const values = [set[mode]?.value, set.shield && shield[mode]].filter((value) => value !== undefined)
    if (values.length > 0) effective[mode] = Math.max(...values)
  }
  return Object.keys(effective).length === 0 ? noModes : effective
}

/** The modes after one more change; a value of null switches it off. */
export const changeMode = (
  modes: Modes,
  { mode, value, actor, since }: Pick<ChannelEventOf<'ModeChanged'>, 'mode' | 'value' | 'actor' | 'since'>,
): Modes => {
  const { [mode]: _, ...others } = modes
  return value === null ? others : { ...others, [mode]: { value, actor, since } }
}

/** Whether a mode asks for what is known of a member beside the channel: since when they follow, how old they are. */
export const judgesMembers = (modes: Modes): boolean =>
  Boolean(modes.followers_only ?? modes.verified ?? modes.account_age ?? modes.shield)
