import type { Clear, Open, Opened, Seal } from './sealed.ts'

/** What is generated for one type of event from all versions of its schema. */
export type EventContract<Event> = {
  /** Paths for `readSchema`, by version from 1 on; the last is the one that is written. */
  readonly schemas: readonly string[]
  /** Sealed fields, each with the field that holds the account id of its subject. */
  readonly sealed: Readonly<Record<string, string>>
  /** A plain copy with its `type`, of what was decoded. */
  readonly plain: (decoded: Event) => Event
  readonly seal: (draft: Clear<Event>, eventId: string, seal: Seal) => Event
  readonly open: (event: Event, eventId: string, open: Open) => Opened<Event>
  /** Accounts whose keys are needed to seal or open it. */
  readonly subjects: (event: Event | Clear<Event>) => readonly string[]
}

/** What is generated for one type of command. */
export type CommandContract<Command> = Pick<EventContract<Command>, 'schemas' | 'plain'>

/** All that a context writes into its topics. */
export type Contract<Event extends { type: string }, Command extends { type: string }> = {
  readonly events: { readonly [Type in Event['type']]: EventContract<Extract<Event, { type: Type }>> }
  readonly commands: { readonly [Type in Command['type']]: CommandContract<Extract<Command, { type: Type }>> }
}
