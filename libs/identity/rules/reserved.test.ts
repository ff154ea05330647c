import { test } from 'node:test'
import { bySystem, channelHolder, claim, claimed, givenHandle } from '../identity.fixtures.ts'

test('handles that would speak for the platform are refused to people, however they are written', () => {
  for (const handle of ['admin', 'Support', 'SYSTEM', 'whiply', '_moderator_', 'ad_min', 'no_reply'])
    for (const holder of [{}, channelHolder])
      givenHandle([])
        .when(claim({ ...holder, handle }))
        .thenRejected({ code: 'identity.handle_reserved' })
  for (const handle of ['badmin', 'supporter', 'modest', 'admin1'])
    givenHandle([])
      .when(claim({ handle }))
      .then([claimed({ handle })])
})

test('the platform itself takes them', () => {
  givenHandle([])
    .when(claim({ handle: 'admin' }), bySystem)
    .then([claimed({ handle: 'admin' })])
})
