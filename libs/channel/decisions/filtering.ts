import { may } from '#libs/access/permissions.ts'
import { channelAbsent } from '#libs/contracts/generated/channel.ts'
import type { DecideContext, Decision } from '#libs/journal/decider.ts'
import { judge } from '#libs/policy/judge.ts'
import { sketchIn, subjectOf } from '#libs/policy/subject.ts'
import { type SketchKey, sketchKeyOf } from '#libs/policy/text/sketch.ts'
import type { Finding } from '#libs/policy/verdict.ts'
import { reject } from '../errors.ts'
import type { ChannelDraft } from '../events.ts'
import { unpostedEvidence } from '../evidence/evidence.ts'
import { classificationOf, saidByModel } from '../policy/classification.ts'
import { compiledOf } from '../policy/policing.ts'
import { mayPostLinks } from '../rules/link-permits.ts'
import { actorRole } from '../rules/ranks.ts'
import type { Channel } from '../state.ts'

/** What the channel's policy makes of a message: a decision against it, or what goes with it. */
export type Filtered = { readonly kind: 'refused'; readonly decision: Decision<ChannelDraft> } | Passed

/** What goes with a message that its policy does not refuse. */
export type Passed = {
  readonly kind: 'passed'
  /** The rule that has it wait for a moderator. */
  readonly heldBy: string | null
  /** Its kind: what the author is told. */
  readonly heldKind: string | null
  /** Whether it went by the author's permit for links where a rule would have spoken. */
  readonly permitUsed: boolean
  readonly sketch: Buffer | null
  /** What rules on trial would have done, for the moderators. */
  readonly shadow: readonly Finding[]
}

/** Who acts where a rule does. */
export const platformActor = '0'

const passedUnseen: Filtered = {
  kind: 'passed',
  heldBy: null,
  heldKind: null,
  permitUsed: false,
  sketch: null,
  shadow: [],
}

/** By the hash that a process has, so that the key is derived once. */
const sketchKeys = new WeakMap<DecideContext['fingerprint'], SketchKey>()

const sketchKeyFor = (fingerprint: DecideContext['fingerprint']): SketchKey => {
  const known = sketchKeys.get(fingerprint)
  if (known) return known
  const key = sketchKeyOf(fingerprint)
  sketchKeys.set(fingerprint, key)
  return key
}

export const filter = (text: string, channel: Channel, context: DecideContext): Filtered => {
  const { policy, needs, history } = channel.policing
  if (!policy) return passedUnseen
  const { facts, at, principal } = context
  const createdAt = Number(facts.accountCreatedAt)
  const subject = subjectOf({
    text,
    author: principal,
    role: actorRole(channel, context),
    at,
    accountCreatedAt: Number.isFinite(createdAt) ? createdAt : undefined,
    classification: classificationOf(facts),
    linksPermitted: mayPostLinks(channel, context),
    history,
    sketchKey: sketchKeyFor(context.fingerprint),
  })
  const { enforced, permitUsed, shadow } = judge(compiledOf(policy), subject)
  if (enforced && (enforced.verdict === 'reject' || enforced.verdict === 'time_out'))
    return { kind: 'refused', decision: against(enforced, text, channel, context) }
  const holding = enforced?.verdict === 'hold' ? enforced : undefined
  return {
    kind: 'passed',
    heldBy: holding?.rule ?? null,
    heldKind: holding?.kind ?? null,
    permitUsed,
    sketch: needs.sketches > 0 ? sketchIn(subject) : null,
    shadow,
  }
}

/** The author is told what kind of rule it was; which one, is the moderators' alone. */
const against = (finding: Finding, text: string, channel: Channel, context: DecideContext): Decision<ChannelDraft> =>
  finding.verdict === 'time_out' && !isSafe(channel, context)
    ? timedOutBy(finding, text, channel, context)
    : reject('channel.filtered', { kind: finding.kind })

/** Who moderates is locked out by no rule, whatever the policy says of their role. */
const isSafe = (channel: Channel, context: DecideContext): boolean => may(actorRole(channel, context), 'time_out')

/** The command is accepted, for something has happened; that the message was not posted, its summary says. */
const timedOutBy = (
  finding: Finding,
  text: string,
  channel: Channel,
  context: DecideContext,
): Decision<ChannelDraft> => {
  const { timeoutMs, kind } = finding
  const until = context.at + timeoutMs
  return {
    kind: 'accepted',
    events: [
      { type: 'MemberTimedOut', seq: channel.seq + 1, member: context.principal, until },
      ...loggedFindings([finding], 'time_out_member', channel.moderationSeq, context),
      unpostedEvidence(text, channel, context),
    ],
    summary: { refused: 'channel.filtered', kind, remainingMs: timeoutMs },
  }
}

/** What rules did, or would have done, for the moderators: entries of their lane behind the number given. */
export const loggedFindings = (
  findings: readonly Finding[],
  action: 'time_out_member' | 'shadow_verdict',
  moderationSeq: number,
  { principal, commandId, facts }: Pick<DecideContext, 'principal' | 'commandId' | 'facts'>,
): readonly ChannelDraft[] =>
  findings.map(({ rule, kind, verdict, policyVersion, timeoutMs }, index) => ({
    type: 'ModerationLogged',
    ...channelAbsent.ModerationLogged,
    moderationSeq: moderationSeq + 1 + index,
    actor: platformActor,
    action,
    member: principal,
    messageId: commandId,
    durationMs: verdict === 'time_out' ? timeoutMs : null,
    rule,
    verdict,
    policyVersion,
    label: saidByModel(kind, facts),
  }))
