/** A mode of a room. */
export type RoomMode = {
  /** Whole numbers that it takes as its value while it is on; 1 alone where there is nothing to choose. */
  readonly min: number
  readonly max: number
  /** Whether shield mode may set it. */
  readonly inPreset: boolean
}

const onOrOff = { min: 1, max: 1 }

/** Every mode of a room, in the order in which they are listed. A new one is an entry here, and a symbol in the schemas. */
export const roomModes = {
  /** Seconds between two posts of a member: six hours at most. */
  slow: { min: 1, max: 21_600, inPreset: true },
  /** Seconds since a member began to follow: three months at most. */
  followers_only: { min: 0, max: 7_776_000, inPreset: true },
  /** The lowest tier. */
  subscribers_only: { min: 1, max: 5, inPreset: true },
  emote_only: { ...onOrOff, inPreset: true },
  unique: { ...onOrOff, inPreset: true },
  verified: { ...onOrOff, inPreset: true },
  /** Seconds since the account was opened: ten years at most. */
  account_age: { min: 1, max: 315_360_000, inPreset: true },
  shield: { ...onOrOff, inPreset: false },
  read_only: { ...onOrOff, inPreset: true },
  hidden_presence: { ...onOrOff, inPreset: false },
  /** Seconds for which authors may edit what they posted: a day at most. */
  edit_window: { min: 10, max: 86_400, inPreset: false },
  /** Pictures may be posted with messages. */
  attachments: { ...onOrOff, inPreset: false },
} as const satisfies Readonly<Record<string, RoomMode>>

export type RoomModeName = keyof typeof roomModes

export const modes = Object.keys(roomModes) as [RoomModeName, ...RoomModeName[]]
