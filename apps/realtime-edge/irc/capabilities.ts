/** What a client may ask for (IRCv3 "Capability Negotiation"), those of the twitch.tv dialect among them. */
export const capabilities = [
  'twitch.tv/tags',
  'twitch.tv/commands',
  'twitch.tv/membership',
  'message-tags',
  'server-time',
  'echo-message',
] as const

export type Capability = (typeof capabilities)[number]

const isCapability = (name: string): name is Capability => (capabilities as readonly string[]).includes(name)

/** The capabilities once a request is granted; undefined where it names one that is not there: all or nothing. */
export const requested = (held: ReadonlySet<Capability>, request: string): ReadonlySet<Capability> | undefined => {
  const granted = new Set(held)
  for (const word of request.split(' ').filter((part) => part !== '')) {
    const name = word.startsWith('-') ? word.slice(1) : word
    if (!isCapability(name)) return undefined
    if (name === word) granted.add(name)
    else granted.delete(name)
  }
  return granted
}

/** How lines look to a client, by what it asked for. Connections of one face get the same bytes. */
export type Face = {
  readonly tags: boolean
  readonly time: boolean
  /** CLEARCHAT, CLEARMSG, ROOMSTATE, USERSTATE and RECONNECT. */
  readonly commands: boolean
  readonly membership: boolean
  /** Whether it speaks the twitch.tv dialect at all. */
  readonly twitch: boolean
}

export const faceOf = (held: ReadonlySet<Capability>): Face => {
  const commands = held.has('twitch.tv/commands')
  const membership = held.has('twitch.tv/membership')
  return {
    tags: held.has('twitch.tv/tags') || held.has('message-tags'),
    time: held.has('server-time'),
    commands,
    membership,
    twitch: commands || membership || held.has('twitch.tv/tags'),
  }
}
