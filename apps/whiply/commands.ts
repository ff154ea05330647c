import type { Command } from '#libs/config/app.ts'
import { settingsCommand } from './settings-command.ts'

type Needs = boolean | 'kafka'

/** A subcommand that is no app: it does one thing and ends. */
export type CommandEntry = {
  /** As it is typed: one word or two. */
  readonly name: string
  /** What may follow the name, for the help. */
  readonly usage: string
  readonly doc: string
  /**
   * Whether it needs engines: those set, those of a whiply that runs, or embedded ones for as long as it takes. Where
   * Kafka alone is needed and set, nothing else is asked for, not even the master key. It may depend on the options.
   */
  readonly needsEngines: Needs | ((options: Readonly<Record<string, string>>) => Needs)
  /** Options of its own, each with a value: `read` for `--read`. */
  readonly options?: readonly string[]
  /** What is wrong with the words after the name, in words of its own: asked before any engine is started. */
  readonly refuse?: (words: readonly string[]) => Promise<string | undefined>
  readonly run: Command
}

export const commands: readonly CommandEntry[] = [
  {
    name: 'admin create',
    usage: '',
    doc: 'Makes the administrator and the lobby where they are missing, and tells a new password.',
    needsEngines: true,
    run: async (...given) => (await import('./admin.ts')).adminCreate(...given),
  },
  {
    name: 'admin reset',
    usage: '',
    doc: 'Gives the administrator a new password, to be changed at the first login.',
    needsEngines: true,
    run: async (...given) => (await import('./admin.ts')).adminReset(...given),
  },
  {
    name: 'import accounts',
    usage: 'FILE [--format csv|jsonl]',
    doc: 'Opens the accounts of a file; run again it goes on where it was cut off. Each line that is not taken is named.',
    needsEngines: true,
    options: ['format'],
    run: async (...given) => (await import('./import.ts')).importAccounts(...given),
  },
  {
    name: 'keys rotate',
    usage: '',
    doc: 'Makes a new key for access tokens; whoever is logged in notices nothing.',
    needsEngines: true,
    run: async (...given) => (await import('./keys.ts')).rotateKeys(...given),
  },
  {
    name: 'admin owner',
    usage: 'HANDLE',
    doc: 'Makes an account an owner of the platform: the one role that nobody else gives.',
    needsEngines: true,
    run: async (...given) => (await import('./admin.ts')).adminOwner(...given),
  },
  {
    name: 'audit verify',
    usage: '',
    doc: 'Reads the journals afresh, and finds what is not as it was signed every hour: changed, missing, reordered.',
    needsEngines: true,
    run: async (...given) => (await import('./audit.ts')).auditVerify(...given),
  },
  {
    name: 'vault rotate',
    usage: '[FILE]',
    doc: 'Lets the master key of a file, made where it is missing, open the vault too, and wraps everything in it anew.',
    needsEngines: true,
    run: async (...given) => (await import('./vault.ts')).rotateVaultKeys(...given),
  },
  {
    name: 'vault retire',
    usage: '',
    doc: 'Takes the former master key away, once everything runs with the new one.',
    needsEngines: true,
    run: async (...given) => (await import('./vault.ts')).retireVaultKeys(...given),
  },
  {
    name: 'projector rebuild',
    usage: 'NAME',
    doc: 'Builds a read model anew beside the old one, and prints the hash of both.',
    needsEngines: true,
    refuse: async (words) => (await import('#apps/projector/rebuild.ts')).refuseRebuild(words),
    run: async (...given) => (await import('#apps/projector/rebuild.ts')).rebuild(...given),
  },
  {
    name: 'parked list',
    usage: '',
    doc: 'Lists the records that a projection could not apply, with their errors.',
    needsEngines: true,
    run: async (...given) => (await import('#apps/projector/parked.ts')).listParked(...given),
  },
  {
    name: 'parked retry',
    usage: '[PROJECTION [KEY]]',
    doc: 'Applies parked records again.',
    needsEngines: true,
    run: async (...given) => (await import('#apps/projector/parked.ts')).retryParked(...given),
  },
  {
    name: 'integrator add',
    usage: 'NAME --read TOPICS [--channels CHANNELS]',
    doc: 'Lets somebody read public topics from Kafka (chat,channel), all or of some channels; tells a new one its password.',
    // Names of channels are looked up in the read models.
    needsEngines: ({ channels }) => (channels === undefined ? 'kafka' : true),
    options: ['read', 'channels'],
    run: async (...given) => (await import('./integrator.ts')).addIntegrator(...given),
  },
  {
    name: 'integrator channels',
    usage: 'NAME --channels CHANNELS',
    doc: 'Gives an integrator of some channels these from now on, by id, slug or handle, and no others.',
    needsEngines: true,
    options: ['channels'],
    run: async (...given) => (await import('./integrator.ts')).setIntegratorChannels(...given),
  },
  {
    name: 'integrator list',
    usage: '',
    doc: 'Lists who may read which public topics from Kafka, since when.',
    needsEngines: 'kafka',
    run: async (...given) => (await import('./integrator.ts')).listIntegrators(...given),
  },
  {
    name: 'integrator rotate',
    usage: 'NAME',
    doc: 'Gives an integrator a new password; the former one opens no connection any more.',
    needsEngines: 'kafka',
    run: async (...given) => (await import('./integrator.ts')).rotateIntegrator(...given),
  },
  {
    name: 'integrator revoke',
    usage: 'NAME',
    doc: 'Takes everything away from an integrator, at once.',
    needsEngines: 'kafka',
    run: async (...given) => (await import('./integrator.ts')).revokeIntegrator(...given),
  },
  {
    name: 'policy try',
    usage: 'FILE --channel C',
    doc: 'Says which past messages of a channel a moderation policy would have stopped (--since 7d), beside what moderators did.',
    needsEngines: true,
    options: ['channel', 'since', 'format'],
    run: async (...given) => (await import('./policy.ts')).policyTry(...given),
  },
  {
    name: 'policy check',
    usage: 'FILE',
    doc: 'Says what is wrong with a moderation policy, if anything is.',
    needsEngines: false,
    run: async (...given) => (await import('./policy.ts')).policyCheck(...given),
  },
  {
    name: 'policy schema',
    usage: '',
    doc: 'Prints the JSON Schema of a moderation policy.',
    needsEngines: false,
    run: async (...given) => (await import('./policy.ts')).policySchema(...given),
  },
  {
    name: 'schemas diff',
    usage: 'A B',
    doc: 'Says what changed between two schemas, each a file or subject:version of the registry, and who reads what.',
    needsEngines: false,
    run: async (...given) => (await import('./schemas-diff.ts')).schemasDiff(...given),
  },
  {
    name: 'settings',
    usage: '[table]',
    doc: 'Prints every setting as it stands, secrets masked; or the table of what each is, in Markdown.',
    needsEngines: false,
    run: settingsCommand,
  },
]
