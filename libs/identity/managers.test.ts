import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codecs } from '#libs/contracts/codecs.ts'
import type { ManagedCommand } from '#libs/journal/manager.ts'
import type { OutcomeRecord } from '#libs/journal/outcome.ts'
import { purely } from '#libs/testing/purely.ts'
import { t0 } from '#libs/testing/specification.ts'
import type { OpenedIdentityEvent } from './events.ts'
import { accountId, channelHolder, channelId, claimed, erased, handleKey, opened } from './identity.fixtures.ts'
import { handlesManager } from './managers.ts'

const outcome: OutcomeRecord = {
  family: 'account',
  partition: 1,
  offset: 20,
  claim: 3,
  n: 12,
  key: handleKey,
  at: t0,
  commandOffset: 9,
  commandId: 'command',
  commandType: 'ClaimHandle',
  fingerprint: '',
  principal: accountId,
  origin: 'edge',
  stateVersion: 1,
  outcome: { kind: 'accepted', events: [], summary: {} },
}

const react = (...events: readonly OpenedIdentityEvent[]) => purely(() => handlesManager.react(outcome, events))

const decoded = ({ family, type, version, payload }: ManagedCommand) =>
  codecs[family].decodeCommand({ type, version, bytes: payload })

const sentTo = ({ family, key }: ManagedCommand) => `${family} ${key}`

const release = (holderId: string) => ({ type: 'ReleaseHandle', holderId })

test('a handle claimed for an account opens it, or is given back', () => {
  const [open, ...none] = react(claimed() as OpenedIdentityEvent)
  assert.ok(open?.ifRejected)
  assert.deepEqual(none, [])
  assert.equal(sentTo(open), `account ${accountId}`)
  assert.deepEqual(decoded(open), {
    type: 'OpenAccount',
    handle: 'Ada_L',
    displayName: 'Ada',
    email: 'ada@example.org',
    platformRole: 'user',
    termsVersion: null,
    invitedBy: null,
    createdAt: null,
    handleKey,
    displayNameKey: null,
  })
  assert.equal(sentTo(open.ifRejected), `account ${handleKey}`)
  assert.deepEqual(decoded(open.ifRejected), release(accountId))
  assert.equal(open.ifRejected.ifRejected, undefined)
})

test('a handle claimed for a channel creates it, or is given back', () => {
  const [create] = react(claimed(channelHolder) as OpenedIdentityEvent)
  assert.ok(create?.ifRejected)
  assert.equal(sentTo(create), `channel ${channelId}`)
  assert.deepEqual(decoded(create), { type: 'CreateChannel', ownerId: accountId, slug: 'Ada_L' })
  assert.deepEqual(decoded(create.ifRejected), release(channelId))
})

test('the handle of an erased person stays claimed, though the manager comes by it again', () => {
  const unreadable = { ...claimed(), handle: undefined, displayName: undefined, email: undefined }
  assert.deepEqual(react(unreadable as OpenedIdentityEvent), [])
})

test('nothing follows on other events', () => {
  assert.deepEqual(
    react(
      opened as OpenedIdentityEvent,
      erased,
      { type: 'HandleReleased', holderId: accountId, ownerId: accountId, nameKey: null },
      { type: 'PasswordChanged' },
      { type: 'SessionsRevoked', sessionIds: ['one'] },
    ),
    [],
  )
})
