import type { LineLimits } from '#libs/protocols/irc/message.ts'

/**
 * Of one line from a client. Beyond the 512 bytes of RFC 1459, since an access token and 512 code points of text have to
 * fit; clients are told by LINELEN in 005. Tags and body together are what one frame of a WebSocket may hold.
 */
export const lineLimits: LineLimits = { tagsBytes: 4096, bodyBytes: 4096 }

/** A client has so long to say who it is. */
export const REGISTRATION_MS = 30_000

/** How long a client may take to read the last words before it is cut. */
export const CLOSE_MS = 3000

/** Bytes of names in one line of a list, well within what the oldest clients read. */
export const NAMES_BYTES = 400

/** A channel's name: `#` and a slug or handle. */
export const channelPattern = /^#[A-Za-z0-9_]{3,25}$/

/** A handle, by which somebody is spoken to. */
export const handlePattern = /^[A-Za-z0-9_]{3,25}$/

/** RFC 2812's nicknames, as long as handles are. */
export const nickPattern = /^[A-Za-z[\]\\`_^{|}][A-Za-z0-9[\]\\`_^{|}-]{0,24}$/

/** Who only reads needs no account: any name of this kind will do. */
export const anonymousPattern = /^justinfan\d{1,16}$/i
