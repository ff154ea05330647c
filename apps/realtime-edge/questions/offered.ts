import { channelRoutes } from '#libs/channel/routes.ts'
import { conversationRoutes } from '#libs/conversation/routes.ts'
import type { BoundRoute, RouteDocument } from '#libs/http/route.ts'
import type { Act } from '#libs/protocols/native/acts.ts'
import type { ClientFrame } from '#libs/protocols/native/client-frames.ts'

/** Everything of chat and moderation that is asked and told over HTTP. */
export const chatRoutes: readonly RouteDocument[] = [...channelRoutes, ...conversationRoutes]

/** Frames of their own that what a route does is done by, by the route's id; of acts and whispers the kind. */
export const ownFrames: Readonly<Record<string, ClientFrame['type'] | { readonly act: Act['kind'] }>> = {
  postMessage: 'post',
  act: 'act',
  nuke: 'nuke',
  deleteMessage: { act: 'delete-message' },
  timeOutMember: { act: 'time-out' },
  liftTimeout: { act: 'lift-timeout' },
  assignRole: { act: 'assign-role' },
  removeRole: { act: 'assign-role' },
  sendWhisper: 'whisper',
  markWhispersRead: 'whisper',
  changeWhisperSettings: 'whisper',
}

const picture = 'its picture is larger than frames are'

/** What is done over HTTP alone, and why. */
export const overHttp: Readonly<Record<string, string>> = {
  addAttachment: picture,
  getAttachment: picture,
  getHeldAttachment: picture,
  addChannelEmote: picture,
  addEmote: picture,
  getEmotePicture: picture,
  exportHistory: 'it goes on for as long as the history is; `listMessages` gives it page by page',
}

/** By which frame a route is asked for that has none of its own. */
export const frameOf = ({ command }: Pick<RouteDocument, 'command'>): 'query' | 'command' =>
  command ? 'command' : 'query'

const isOffered = ({ id }: { readonly id: string }): boolean =>
  !Object.hasOwn(ownFrames, id) && !Object.hasOwn(overHttp, id)

/** Those of routes that are asked for by `query` or `command`. */
export const offered = <Route extends Pick<BoundRoute, 'id'>>(routes: readonly Route[]): readonly Route[] =>
  routes.filter(isOffered)

/** All of them, as documents and tests have them. */
export const offeredRoutes = offered(chatRoutes)
