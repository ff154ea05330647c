import { element, elementsOf } from './dom.js'
import { kept, opening, slug } from './opening.js'
import { createFollowing } from './watch/following.js'
import { createOnAir } from './watch/on-air.js'
import { createClips, createRecordings } from './watch/recordings.js'
import { createStage } from './watch/stage.js'
import { createStopping } from './watch/stopping.js'
import { createStudio } from './watch/studio.js'

/**
 * All of the page that is about broadcasts. `channel()` is the one that is shown, once it is known; `replay` are the lines
 * of a chat that was recorded, `live()` the connection whose clock is the server's.
 */
export const createVideo = ({ api, channel, me, live, replay, onError }) => {
  const channelId = () => channel()?.id
  let stage

  const studio = createStudio({
    api,
    channelId,
    elements: {
      dialog: element('studio'),
      ...elementsOf(['open', 'info', 'server', 'key', 'newKey', 'keyLabel'], 'studio'),
      ...elementsOf(['keyPurpose', 'keys', 'health', 'kept', 'used', 'problem'], 'studio'),
    },
  })
  const onAir = createOnAir({
    api,
    element: element('on-air'),
    list: element('on-air-list'),
    news: element('news'),
    channelId,
  })
  const recordings = createRecordings({
    api,
    elements: { element: element('recordings'), ...elementsOf(['list', 'more'], 'recordings') },
    slug,
    channelId,
  })
  const clips = createClips({
    api,
    elements: { element: element('clips'), ...elementsOf(['list', 'more'], 'clips') },
    slug,
    channelId,
  })
  const stopping = createStopping({ api, button: element('stop-broadcast'), channelId, onError })
  const following = createFollowing({ api, button: element('follow'), channel, me, onError })

  return {
    /** The channel is known. `first` is its broadcast as the page has asked for it already, as a promise. */
    begin: (first) => {
      stage ??= createStage({
        api,
        slug,
        kept,
        replay,
        channelId: channelId(),
        live,
        elements: {
          ...elementsOf(['stage', 'video', 'notice', 'sound', 'viewers', 'play', 'mute', 'volume', 'seek', 'latency']),
          ...elementsOf(['quality', 'theatre', 'pip', 'full', 'clip', 'clipNote', 'chapters']),
          live: element('live-edge'),
          title: element('stage-title'),
        },
        first,
        playing: opening.playing,
        onBroadcast: stopping.broadcast,
      })
      onAir.look()
      recordings.look()
      clips.look()
    },
    /** Somebody else is looking, or nobody. */
    identified: () => {
      following.look()
      stage?.again()
    },
    setRole: (role) => {
      studio.setRole(role)
      stopping.setRole(role)
    },
    broadcast: (frame) => {
      const isHere = frame.channel === channelId()
      if (isHere) stage?.look(frame)
      if (isHere) studio.happened()
      if (frame.state !== 'changed') onAir.happened(frame)
      if (isHere && frame.state === 'ended') recordings.look()
    },
  }
}
