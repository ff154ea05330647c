/** The first `most` of what is read a page at a time, and whether there are more: `ask(limit, from)` gives a page, and where the next begins. */
export const upTo = async (most, atOnce, ask) => {
  const entries = []
  let from
  do {
    const page = await ask(Math.min(atOnce, most - entries.length), from)
    entries.push(...page.entries)
    from = page.next ?? undefined
  } while (from !== undefined && entries.length < most)
  return { entries, more: from !== undefined }
}
