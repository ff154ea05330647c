/**
 * Whether what the server answers, `found`, does not yet know what a live frame has told, `news`: the read model takes a
 * moment. `before` is what was known when the frame came.
 */
export const isBehind = (news, found, before) => {
  if (news.state === 'changed') return found?.title === before?.title && found?.sourceOnly === before?.sourceOnly
  if (news.state === 'ended') return found?.id === news.broadcast
  return found?.id !== news.broadcast || found.state !== news.state
}
