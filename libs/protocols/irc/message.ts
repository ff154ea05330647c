/**
 * A message of IRC (RFC 1459 and RFC 2812, section 2.3.1; IRCv3 "Message Tags"):
 *
 *     line      = [ "@" tags SPACES ] [ ":" source SPACES ] command params [ SPACES ]
 *     tags      = tag *( ";" tag )
 *     tag       = key [ "=" value ]                     key: [ "+" ] [ vendor "/" ] name
 *     command   = 1*letter / 3digit
 *     params    = *14( SPACES middle ) [ SPACES ":" trailing ]
 *               / 14( SPACES middle ) [ SPACES [ ":" ] trailing ]
 *     middle    = nospace *( ":" / nospace )            nospace: any octet but NUL, CR, LF, " " and ":"
 *     trailing  = *( ":" / " " / nospace )
 *     SPACES    = 1*" "
 *
 * A line ends with CR LF on the wire; either of them alone is taken as an end too, and an empty line says nothing.
 */

/** The escaped text of a value is the matter of the codec: here stands what it means. */
export type Tags = ReadonlyMap<string, string>

/** A message as it was read. */
export type IrcMessage = {
  readonly tags: Tags
  readonly source: string | undefined
  /** Upper case. */
  readonly command: string
  /** At most 15; the last one may hold spaces. */
  readonly params: readonly string[]
}

/** Bytes of one line, its parts counted apart as IRCv3 has them. */
export type LineLimits = {
  /** From `@` to the space behind the tags, both of them included. */
  readonly tagsBytes: number
  /** All that follows the tags, CR LF included. */
  readonly bodyBytes: number
}

export const maxParams = 15

/** What a server may send: 4,094 bytes of the client's tags, as many of its own, and what stands around them. */
export const serverLineLimits: LineLimits = { tagsBytes: 8191, bodyBytes: 512 }

/** What a client may send. */
export const clientLineLimits: LineLimits = { tagsBytes: 4096, bodyBytes: 512 }
