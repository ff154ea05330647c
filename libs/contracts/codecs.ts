import avsc from 'avsc'
import { avroBytes } from './avro-bytes.ts'
import type { CommandContract, Contract, EventContract } from './contract.ts'
import { broadcast } from './generated/broadcast.ts'
import { channel } from './generated/channel.ts'
import { conversation } from './generated/conversation.ts'
import { identity } from './generated/identity.ts'
import { readSchema } from './schema.ts'
import type { Clear, Open, Opened, Seal } from './sealed.ts'

/** An event or a command as bytes: Avro of the schema of (type, version). */
export type Encoded = { readonly type: string; readonly version: number; readonly bytes: Buffer }

/** There is no schema of that type and version in this release. */
export class UnknownContract extends Error {
  readonly code = 'contract.unknown'
}

/** The bytes are not what the schema says, or the value does not fit it. */
export class MalformedContract extends Error {
  readonly code = 'contract.malformed'
}

/**
 * Codecs of one family, each made when its type first comes by: a process meets few of all types. The newest version of a
 * type is written; every version ever written is read.
 */
export type Codecs<Event extends { type: string }, Command extends { type: string }> = {
  /** Throws `MalformedContract` where a field has another type than its schema says. */
  readonly encodeEvent: (event: Event) => Encoded
  /** In the shape of the newest version. Throws `UnknownContract`, `MalformedContract`. */
  readonly decodeEvent: (encoded: Encoded) => Event
  readonly encodeCommand: (command: Command) => Encoded
  readonly decodeCommand: (encoded: Encoded) => Command
  readonly sealEvent: (draft: Clear<Event>, eventId: string, seal: Seal) => Event
  readonly openEvent: (event: Event, eventId: string, open: Open) => Opened<Event>
  /** The account ids whose personal keys are needed to seal or open it, each once. */
  readonly subjectsOf: (event: Event | Clear<Event>) => readonly string[]
}

type Codec<Value> = {
  readonly encode: (value: Value) => Encoded
  /** By version - 1. */
  readonly decoders: readonly ((bytes: Buffer) => Value)[]
}

const malformed = (what: string, cause: unknown): MalformedContract =>
  new MalformedContract(`${what}: ${cause instanceof Error ? cause.message : cause}`, { cause })

type ReadSchema = (path: string) => unknown

const codecOf = <Value>(name: string, { schemas, plain }: CommandContract<Value>, read: ReadSchema): Codec<Value> => {
  const types = schemas.map((path) => avsc.Type.forSchema(read(path) as avsc.Schema))
  const newest = types.at(-1)
  if (!newest) throw new UnknownContract(`${name} has no schema`)
  const version = types.length
  return {
    encode: (value) => {
      try {
        return { type: name, version, bytes: avroBytes(newest, value) }
      } catch (error) {
        throw malformed(name, error)
      }
    },
    decoders: types.map((type) => {
      const resolver = type === newest ? undefined : newest.createResolver(type)
      return (bytes) => {
        try {
          return plain(newest.fromBuffer(bytes, resolver))
        } catch (error) {
          throw malformed(name, error)
        }
      }
    }),
  }
}

/** Entries by type. Each takes values of its own type alone, which dispatch by `type` sees to. */
type ByType<Entry> = Readonly<Record<string, Entry>>

const codecsOf = <Value extends { type: string }>(messages: ByType<CommandContract<Value>>, read: ReadSchema) => {
  const contracts = new Map(Object.entries(messages))
  const made = new Map<string, Codec<Value>>()
  const codecFor = (type: string): Codec<Value> | undefined => {
    const known = made.get(type)
    const contract = contracts.get(type)
    if (known || !contract) return known
    const codec = codecOf(type, contract, read)
    made.set(type, codec)
    return codec
  }
  return {
    encode: (value: Value): Encoded => {
      const codec = codecFor(value.type)
      if (!codec) throw new UnknownContract(`no schema of ${value.type}`)
      return codec.encode(value)
    },
    decode: ({ type, version, bytes }: Encoded): Value => {
      const decoder = codecFor(type)?.decoders[version - 1]
      if (!decoder) throw new UnknownContract(`no schema of ${type} version ${version}`)
      return decoder(bytes)
    },
  }
}

/** The codecs of a contract. `read` finds a schema by its path. */
export const createCodecs = <Event extends { type: string }, Command extends { type: string }>(
  contract: Contract<Event, Command>,
  read: ReadSchema = readSchema,
): Codecs<Event, Command> => {
  const eventContracts = contract.events as unknown as ByType<EventContract<Event>>
  const events = codecsOf(eventContracts, read)
  const commands = codecsOf(contract.commands as unknown as ByType<CommandContract<Command>>, read)
  const contracts = new Map(Object.entries(eventContracts))
  const contractOf = (type: string): EventContract<Event> => {
    const found = contracts.get(type)
    if (!found) throw new UnknownContract(`no schema of ${type}`)
    return found
  }
  return {
    encodeEvent: events.encode,
    decodeEvent: events.decode,
    encodeCommand: commands.encode,
    decodeCommand: commands.decode,
    sealEvent: (draft, eventId, seal) => contractOf((draft as Event).type).seal(draft, eventId, seal),
    openEvent: (event, eventId, open) => contractOf(event.type).open(event, eventId, open),
    subjectsOf: (event) => contractOf((event as Event).type).subjects(event),
  }
}

/** The codecs of every family. */
export const codecs = {
  account: createCodecs(identity),
  channel: createCodecs(channel),
  broadcast: createCodecs(broadcast),
  conversation: createCodecs(conversation),
} as const
