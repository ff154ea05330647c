import type { Instant } from '#libs/journal/log.ts'
import { type CompiledPolicy, compilePolicy, historyNeeds } from '#libs/policy/compile.ts'
import { type History, type HistoryNeeds, noHistory, noHistoryNeeds, remember } from '#libs/policy/history.ts'
import { Policy } from '#libs/policy/policy.ts'
import { keptProgramSize } from '#libs/policy/text/patterns.ts'
import type { ChannelEventOf } from '../events.ts'
import { keptReady } from '../kept-ready.ts'

/** The policy of a channel, who set it and when. */
export type PolicyInForce = {
  readonly version: number
  /** JSON in its canonical form. */
  readonly text: string
  readonly actor: string
  readonly since: Instant
}

/** What a channel judges messages by: its policy, and what the rules of it remember of messages before. */
export type Policing = {
  /** Of the policy that was set last, whether it is still there or not. */
  readonly version: number
  readonly policy: PolicyInForce | undefined
  readonly needs: HistoryNeeds
  readonly history: History
}

export const noPolicing: Policing = { version: 0, policy: undefined, needs: noHistoryNeeds, history: noHistory }

/**
 * A policy in force. What was accepted once is read without fail: one that this release cannot read judges nothing, so
 * that a channel goes on rather than stop.
 */
const policyOf = (text: string): Policy | undefined => Policy.safeParse(JSON.parse(text)).data

export const policingFrom = (version: number, policy: PolicyInForce | undefined, history: History): Policing => {
  const read = policy && policyOf(policy.text)
  return { version, policy, needs: read ? historyNeeds(read.rules) : noHistoryNeeds, history }
}

/** What was remembered for the policy before is forgotten with it. */
export const setPolicy = ({ actor, version, policy }: ChannelEventOf<'PolicySet'>, since: Instant): Policing =>
  policingFrom(version, policy === null ? undefined : { version, text: policy, actor, since }, noHistory)

/** Remembers a message where the rules ask for it. */
export const rememberPosted = (
  policing: Policing,
  { author, sketch }: Pick<ChannelEventOf<'MessagePosted'>, 'author' | 'sketch'>,
  at: Instant,
): Policing =>
  policing.needs === noHistoryNeeds
    ? policing
    : { ...policing, history: remember(policing.history, { author, at, sketch }, policing.needs) }

const inert: CompiledPolicy = { rules: [], needs: noHistoryNeeds }

const compiled = (policy: PolicyInForce): CompiledPolicy => {
  const read = policyOf(policy.text)
  const made = read && compilePolicy(read, policy.version, keptProgramSize)
  return made?.ok ? made : inert
}

/** The policy, compiled when it is first asked; of all channels that a process decides for, so many are kept ready. */
export const compiledOf = keptReady(500, compiled)
