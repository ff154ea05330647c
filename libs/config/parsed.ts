import type { Setting } from './setting.ts'
import type { settings } from './settings.ts'

export type SettingKey = keyof typeof settings
type ValueOf<S> = S extends Setting<infer T> ? T : never

/** All settings as they were given, each read by its schema. */
export type Parsed = { readonly [K in SettingKey]: ValueOf<(typeof settings)[K]> }
