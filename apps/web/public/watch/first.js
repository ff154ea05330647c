import { begin } from './begin.js'
import { openSession } from './session.js'

const nobody = () => {}

/**
 * Plays what is live, and is for everybody, before there is a stage: it takes the session over by `adopt`. `broadcast` is
 * the channel's, as the page has asked for it.
 */
export const openFirst = (broadcast) => {
  const [stage, video, sound] = ['stage', 'video', 'sound'].map((id) => document.getElementById(id))
  stage.hidden = false
  const session = openSession({
    video,
    playback: async () => ({ url: broadcast.playlist }),
    on: { levels: () => begin({ video, sound }), failing: nobody, fine: nobody, over: nobody },
  })
  return { session, video, broadcastId: broadcast.id }
}
