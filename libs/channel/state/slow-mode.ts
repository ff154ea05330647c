import { Map as ImmutableMap } from 'immutable'
import type { Instant } from '#libs/journal/log.ts'

/**
 * When members posted last, as far back as slow mode asks. Two generations, turned over once in an interval, forget
 * what is older without a search: a post that neither holds is at least one interval old.
 */
export type LastPosts = {
  readonly since: Instant
  readonly current: ImmutableMap<string, Instant>
  readonly previous: ImmutableMap<string, Instant>
}

export const noPosts: LastPosts = { since: 0, current: ImmutableMap(), previous: ImmutableMap() }

const turned = (posts: LastPosts, at: Instant, intervalMs: number): LastPosts => {
  const age = at - posts.since
  if (age < intervalMs) return posts
  return { since: at, current: noPosts.current, previous: age < 2 * intervalMs ? posts.current : noPosts.previous }
}

/** Remembers a post where slow mode asks for it; an interval of 0 remembers nothing. */
export const rememberPost = (posts: LastPosts, member: string, at: Instant, intervalMs: number): LastPosts => {
  if (intervalMs === 0) return noPosts
  const { since, current, previous } = turned(posts, at, intervalMs)
  return { since, current: current.set(member, at), previous }
}

/** How long the member has to wait, in ms; 0 or less where they may post. */
export const remainingSlowMs = (posts: LastPosts, member: string, at: Instant, intervalMs: number): number => {
  const last = posts.current.get(member) ?? posts.previous.get(member)
  return last === undefined ? 0 : last + intervalMs - at
}
