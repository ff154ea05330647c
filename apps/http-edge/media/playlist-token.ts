/** A playlist whose addresses carry the token of who asked for it, so that players of any kind send it along. */
export const withToken = (playlist: string, token: string): string =>
  playlist
    .replaceAll(/URI="([^"?]+)"/g, `URI="$1?token=${token}"`)
    .replaceAll(/^([^#\s][^\s?]*)$/gm, `$1?token=${token}`)
