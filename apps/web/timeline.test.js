import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTimeline } from './public/watch/timeline.js'

/** What plays at the live edge, 60 s into it; the edge moves on by `pass`, and what is shown by `shown` of it. */
const watching = (t, session = {}) => {
  let now = 0
  let edge = 60
  t.mock.method(performance, 'now', () => now)
  const video = Object.assign(new EventTarget(), {
    currentTime: 60,
    paused: false,
    ended: false,
    seekable: { length: 1, end: () => edge },
    play: async () => {
      video.paused = false
      video.dispatchEvent(new Event('play'))
    },
    pause: () => {
      video.paused = true
      video.dispatchEvent(new Event('pause'))
    },
  })
  const opened = []
  const timeline = createTimeline({
    video,
    session: () => ({ isRecorded: false, reachesFrom: () => Math.max(0, edge - 60), liveAt: () => edge, ...session }),
    recorded: () => ({ seconds: 600, askedAt: 0 }),
    openPast: (seconds) => opened.push(seconds),
    openLive: () => opened.push(0),
  })
  const pass = (seconds, shown) => {
    for (let tick = 0; tick < seconds * 4; tick++) {
      now += 250
      edge += 0.25
      video.currentTime += shown / 4
      timeline.catchUp()
    }
  }
  return { timeline, video, opened, pass }
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

test('who has paused goes on where they were, however they paused', (t) => {
  const { timeline, video, pass } = watching(t)
  video.pause()
  assert.equal(timeline.isPausedByHand(), true)
  pass(20, 0)
  video.play()
  assert.equal(timeline.isPausedByHand(), false)
  pass(20, 1)
  assert.equal(timeline.behind(), 20)
})

test('who goes on after a pause that was longer than memory reaches gets what was missed from the recording', (t) => {
  const { video, opened, pass } = watching(t)
  video.pause()
  pass(90, 0)
  assert.deepEqual(opened, [])
  video.play()
  assert.deepEqual(opened, [90])
})

test('who has paused once and is at the live edge again is brought back to it after a hold-up', (t) => {
  const { timeline, video, pass } = watching(t)
  video.pause()
  pass(3, 0)
  video.play()
  pass(12, 1)
  assert.equal(timeline.behind(), 3)
  pass(5, 0)
  pass(5, 1)
  assert.equal(timeline.behind(), 0)
})

test('what has come to its end was paused by nobody', (t) => {
  const { timeline, video } = watching(t)
  video.ended = true
  video.pause()
  assert.equal(timeline.isPausedByHand(), false)
})

test('a recording is watched at its own time', (t) => {
  const { video, pass } = watching(t, { isRecorded: true })
  pass(30, 0.5)
  assert.equal(video.currentTime, 75)
})
