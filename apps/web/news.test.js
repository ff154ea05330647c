import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isBehind } from './public/watch/news.js'

const live = { id: 'one', state: 'live', title: 'Tea', sourceOnly: null }
const lost = { ...live, state: 'interrupted' }

test('what a live frame has told is asked for until the server knows it', () => {
  const told = (state) => ({ broadcast: 'one', state })
  for (const [news, found, before, is] of [
    [told('live'), null, null, true],
    [told('live'), live, null, false],
    [told('interrupted'), live, live, true],
    [told('interrupted'), lost, live, false],
    [told('live'), lost, lost, true],
    [told('live'), live, lost, false],
    [told('ended'), live, live, true],
    [told('ended'), null, live, false],
    [told('ended'), { ...live, id: 'two' }, live, false],
    [told('changed'), live, live, true],
    [told('changed'), { ...live, title: 'Cake' }, live, false],
  ])
    assert.equal(isBehind(news, found, before), is, `${news.state} ${found?.state}`)
})
