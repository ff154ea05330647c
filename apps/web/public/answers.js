/** Whose message a line answers, by their id: live frames and pages of history have it by different names. */
export const answeredIn = ({ replyTo }) => replyTo?.author ?? replyTo?.authorId

/** Whether somebody else's line answers a person, or mentions them. */
export const isFor = ({ id, handle }, line) => {
  if (line.author.id === id) return false
  const name = handle.toLowerCase()
  return answeredIn(line) === id || (line.entities ?? []).some((each) => each.kind === 'mention' && each.name === name)
}
