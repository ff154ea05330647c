import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTimeline } from './public/watch/timeline.js'

/** What plays at the live edge, 60 s into it; the edge moves on by `pass`, and what is shown by `shown` of it. */
const watching = (t, session = {}) => {
  let now = 0
  let edge = 60
  t.mock.method(performance, 'now', () => now)
  const video = { currentTime: 60, paused: false, seekable: { length: 1, end: () => edge }, play: async () => {} }
  const timeline = createTimeline({
    video,
    session: () => ({ isRecorded: false, reachesFrom: () => 0, liveAt: () => edge, ...session }),
    recorded: () => undefined,
    openPast: () => {},
    openLive: () => {},
  })
  const pass = (seconds, shown) => {
    for (let tick = 0; tick < seconds * 4; tick++) {
      now += 250
      edge += 0.25
      video.currentTime += shown / 4
      timeline.catchUp()
    }
  }
  return { timeline, video, pass }
}

test('who was held up by the network is at the live edge again soon, and not at once', (t) => {
  const { timeline, pass } = watching(t)
  pass(12, 0.5)
  assert.ok(timeline.behind() > 5)
  pass(5, 1)
  assert.equal(timeline.behind(), 0)
})

test('a little behind is left to the player', (t) => {
  const { timeline, pass } = watching(t)
  pass(3, 0)
  pass(20, 1)
  assert.equal(timeline.behind(), 3)
})

test('who has gone back stays there until they go to the live edge', (t) => {
  const { timeline, pass } = watching(t)
  timeline.goTo(20)
  pass(20, 1)
  assert.equal(timeline.behind(), 20)
  timeline.toLive()
  pass(8, 0)
  pass(5, 1)
  assert.equal(timeline.behind(), 0)
})

test('who has paused goes on where they were', (t) => {
  const { timeline, video, pass } = watching(t)
  timeline.hold()
  video.paused = true
  pass(20, 0)
  video.paused = false
  pass(20, 1)
  assert.equal(timeline.behind(), 20)
})

test('a recording is watched at its own time', (t) => {
  const { video, pass } = watching(t, { isRecorded: true })
  pass(30, 0.5)
  assert.equal(video.currentTime, 75)
})
