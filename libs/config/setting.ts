import type { z } from 'zod'

/** What is said about a setting beside its type; the table in docs/operating.md is made of it. */
export type SettingDescription = {
  /** The environment variable, which also names the flag. */
  readonly name: string
  /** One sentence for whoever operates whiply. */
  readonly doc: string
  /** The apps that read it; `all` where every process does. */
  readonly apps: readonly (AppName | 'all' | 'launcher')[]
  /** Of a number: `ms`, `bytes`, `partitions`. */
  readonly unit?: string
  /**
   * Never printed: all of it, or the password within an address. It has no flag, since everybody on a machine sees the
   * arguments of its processes.
   */
  readonly secret?: 'value' | 'password'
  /** A short flag of its own, where the name would be clumsy: `data`. */
  readonly flag?: string
  /** How the default is worded, where its text would not say it. */
  readonly defaultDoc?: string
}

export type AppName = 'decider' | 'projector' | 'http-edge' | 'realtime-edge' | 'schema-registry' | 'relay' | 'ingest'

export type Setting<T> = SettingDescription & {
  readonly schema: z.ZodType<T, string>
  /** As it would stand in the environment; undefined where the setting may be left out. */
  readonly default: string | undefined
}

/** A setting with a default, from the text of an environment variable or a flag. */
export const setting = <T>(
  schema: z.ZodType<T, string>,
  description: SettingDescription & { readonly default: string },
): Setting<T> => ({ ...description, schema })

/** A setting without a default: undefined where it is not given. */
export const optional = <T>(schema: z.ZodType<T, string>, description: SettingDescription): Setting<T | undefined> => ({
  ...description,
  schema,
  default: undefined,
})

/** `HTTP_PORT` is `--http-port`: the flag without its dashes, undefined where there is none. */
export const flagOf = ({ name, flag, secret }: SettingDescription): string | undefined =>
  secret ? undefined : (flag ?? name.toLowerCase().replaceAll('_', '-'))
