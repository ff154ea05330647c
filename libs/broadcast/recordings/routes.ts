import { vodChatRoutes } from './http/chat.ts'
import { clipRoutes } from './http/clips.ts'
import { recordingSettingsRoutes } from './http/settings.ts'
import { vodRoutes } from './http/vods.ts'

/** Everything of what is kept of broadcasts that is asked and told over HTTP. */
export const recordingRoutes = [...vodRoutes, ...vodChatRoutes, ...clipRoutes, ...recordingSettingsRoutes]
