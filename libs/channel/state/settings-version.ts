import type { ChannelEvent } from '#libs/contracts/generated/channel.ts'

/** What changes a channel as its resource shows it, its last number aside. */
const settingsTypes: ReadonlySet<ChannelEvent['type']> = new Set<ChannelEvent['type']>([
  'ChannelCreated',
  'ChannelClosed',
  'ChannelRenamed',
  'ChannelReopened',
  'ChannelTransferred',
  'ModeChanged',
  'PinChanged',
  'RetentionChanged',
  'SettingsChanged',
  'TextChanged',
])

/** Whether the record of this event is the version of the settings from there on: what `If-Match` is compared with. */
export const isSettings = ({ type }: Pick<ChannelEvent, 'type'>): boolean => settingsTypes.has(type)
