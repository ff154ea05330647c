import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actions } from '#libs/access/permissions.ts'
import type { Role } from '#libs/access/roles.ts'
import { decideAccess, isAccessRule } from '#libs/access/rule.ts'
import { codecs } from '#libs/contracts/codecs.ts'
import { type Act, actExamples, actSchema } from '#libs/protocols/native/acts.ts'
import { stubSeal } from '#libs/testing/specification.ts'
import { broadcaster, channelId, lead, moderator, roleAssigned, staffed, viewer, vip } from '../channel.fixtures.ts'
import { channelDecider } from '../decider.ts'
import { actRules } from './access.ts'
import { actCommand } from './commands.ts'

const bot = '1005'

const channel = [...staffed, roleAssigned({ member: bot, role: 'bot', seq: 99 })].reduce((state, draft, index) => {
  const event = codecs.channel.sealEvent(draft, `${index}/0`, stubSeal)
  return channelDecider.evolve(state, event, { at: index, n: index + 1, commandId: `${index}` })
}, channelDecider.initial(channelId))

/** Somebody of each role; a part of the platform is nobody in a channel. */
const people: Readonly<
  Record<Role, { readonly principal: string; readonly facts?: Readonly<Record<string, string>> }>
> = {
  platform_admin: { principal: '9000', facts: { platformRole: 'admin' } },
  broadcaster: { principal: broadcaster },
  lead_moderator: { principal: lead },
  moderator: { principal: moderator },
  vip: { principal: vip },
  bot: { principal: bot },
  member: { principal: viewer },
  none: { principal: 'system' },
}

/** The permission that somebody is told they lack; undefined where they have it, whatever else there is to say. */
const lacking = (act: Act, role: Role): unknown => {
  const { principal, facts = {} } = people[role]
  const context = { at: 1000, n: 99, commandId: 'c', principal, facts, fingerprint: (text: string) => text }
  const decision = channelDecider.decide(actCommand(act), channel, context)
  return decision.kind === 'rejected' && decision.code === 'channel.forbidden' ? decision.detail.action : undefined
}

test('every act has a rule that names what there is', () => {
  const kinds = actSchema.options.map(({ shape }) => shape.kind.value)
  assert.deepEqual(Object.keys(actRules).sort(), [...kinds].sort())
  for (const rule of Object.values(actRules)) assert.ok(isAccessRule(rule))
})

test('a channel decides every act of every role as its rule says', () => {
  for (const act of Object.values<Act>(actExamples))
    for (const role of Object.keys(people) as Role[]) {
      const rule = actRules[act.kind]
      if (typeof rule === 'string' || !('channel' in rule)) continue
      const allowed = decideAccess(rule, { signedIn: role !== 'none', channelRole: role }) === 'allowed'
      assert.equal(lacking(act, role), allowed ? undefined : rule.channel, `${role} ${act.kind}`)
      assert.ok(actions.includes(rule.channel))
    }
})
