// Generated from schemas/broadcast/ by `npm run generate`.
import type { Contract } from '../contract.ts'

/** The broadcast is over. */
export type BroadcastEnded = {
  readonly type: 'BroadcastEnded'
  /** The broadcast: UUIDv7, by which its media is addressed too. */
  readonly broadcastId: string
  /** The encoder said so; it did not return; somebody stopped it; its key was revoked; another key took over. */
  readonly reason: 'unpublished' | 'grace_over' | 'stopped' | 'key_revoked' | 'replaced'
  /** Account id of who ended it, where somebody did. */
  readonly actor: string | null
  /** Until when the channel takes no new broadcast, where it was stopped. */
  readonly restUntil: number | null
}

/** The encoder has gone, and may return. */
export type BroadcastInterrupted = {
  readonly type: 'BroadcastInterrupted'
  /** The broadcast: UUIDv7, by which its media is addressed too. */
  readonly broadcastId: string
  /** Its connection was closed, nothing came, what came was no good, or nobody answers for it any more. */
  readonly cause: 'closed' | 'silent' | 'refused' | 'lease_expired'
  /** When the broadcast ends unless the same key has returned. */
  readonly graceUntil: number
}

/** An encoder with the same key goes on with an interrupted broadcast. */
export type BroadcastResumed = {
  readonly type: 'BroadcastResumed'
  /** The broadcast: UUIDv7, by which its media is addressed too. */
  readonly broadcastId: string
  /** The connection of the encoder: UUIDv7. */
  readonly sessionId: string
  /** Address of the ingest app that serves the media, within the platform. */
  readonly origin: string
  /** When it is interrupted unless the lease is renewed. */
  readonly leaseUntil: number
}

/** An encoder publishes to the channel. */
export type BroadcastStarted = {
  readonly type: 'BroadcastStarted'
  /** The broadcast: UUIDv7, by which its media is addressed too. */
  readonly broadcastId: string
  /** The connection of the encoder: UUIDv7. */
  readonly sessionId: string
  /** By which stream key. */
  readonly keyId: string
  /** Address of the ingest app that serves the media, within the platform. */
  readonly origin: string
  /** When it is interrupted unless the ingest app renews the lease. */
  readonly leaseUntil: number
  /** How long the same key may take to return. */
  readonly graceMs: number
}

/** The ingest app still has the encoder. */
export type LeaseRenewed = {
  readonly type: 'LeaseRenewed'
  /** The broadcast: UUIDv7, by which its media is addressed too. */
  readonly broadcastId: string
  /** When it is interrupted unless the lease is renewed again. */
  readonly leaseUntil: number
}

/** Somebody may publish to the channel by a new stream key. */
export type StreamKeyIssued = {
  readonly type: 'StreamKeyIssued'
  /** Account id of who did it. */
  readonly actor: string
  /** Which stream key: UUIDv7. The key itself stands in the vault, by its hash. */
  readonly keyId: string
  /** When it ceases to be good; none: never. */
  readonly expiresAt: number | null
}

/** A stream key is good no more. */
export type StreamKeyRevoked = {
  readonly type: 'StreamKeyRevoked'
  /** Account id of who did it. */
  readonly actor: string
  /** Which stream key: UUIDv7. The key itself stands in the vault, by its hash. */
  readonly keyId: string
}

/** Something about the broadcast is not as it should be. */
export type WarningAppeared = {
  readonly type: 'WarningAppeared'
  /** The broadcast: UUIDv7, by which its media is addressed too. */
  readonly broadcastId: string
  /** What: keyframes too far apart. */
  readonly warning: 'keyframe_interval'
  /** As it was measured: milliseconds between two keyframes. */
  readonly value: number
}

/** What was warned of is well again. */
export type WarningCleared = {
  readonly type: 'WarningCleared'
  /** The broadcast: UUIDv7, by which its media is addressed too. */
  readonly broadcastId: string
  /** What. */
  readonly warning: 'keyframe_interval'
}

/** A lease or a time of grace is over; sent by the owner's clock. */
export type EndDue = {
  readonly type: 'EndDue'
  /** When it was over. */
  readonly dueAt: number
}

/** The encoder has gone; sent by the ingest app. */
export type EndSession = {
  readonly type: 'EndSession'
  /** The connection of the encoder: UUIDv7. */
  readonly sessionId: string
  /** Why: only who says so wants to end the broadcast. */
  readonly cause: 'unpublished' | 'closed' | 'silent' | 'refused'
}

/** Lets somebody publish by a stream key that the vault holds. */
export type IssueStreamKey = {
  readonly type: 'IssueStreamKey'
  /** Which stream key: UUIDv7. The key itself stands in the vault, by its hash. */
  readonly keyId: string
  /** When it ceases to be good; none: never. */
  readonly expiresAt: number | null
}

/** The ingest app still has the encoder. */
export type RenewLease = {
  readonly type: 'RenewLease'
  /** The connection of the encoder: UUIDv7. */
  readonly sessionId: string
  /** For how long from now. */
  readonly leaseMs: number
}

/** Takes a stream key away; a broadcast by it ends. */
export type RevokeStreamKey = {
  readonly type: 'RevokeStreamKey'
  /** Which stream key: UUIDv7. The key itself stands in the vault, by its hash. */
  readonly keyId: string
}

/** The ingest app has seen a warning appear or clear. */
export type SetWarning = {
  readonly type: 'SetWarning'
  /** The connection of the encoder: UUIDv7. */
  readonly sessionId: string
  /** What: keyframes too far apart. */
  readonly warning: 'keyframe_interval'
  /** As it was measured, in milliseconds; none: it is well again. */
  readonly value: number | null
}

/** An encoder wants to publish; sent by the ingest app alone. */
export type StartBroadcast = {
  readonly type: 'StartBroadcast'
  /** The broadcast: UUIDv7, by which its media is addressed too. */
  readonly broadcastId: string
  /** The connection of the encoder: UUIDv7. */
  readonly sessionId: string
  /** By which stream key. */
  readonly keyId: string
  /** Address of the ingest app within the platform. */
  readonly origin: string
  /** For how long the ingest app answers for the encoder. */
  readonly leaseMs: number
  /** How long the same key may take to return. */
  readonly graceMs: number
}

/** Ends the broadcast of a channel. */
export type StopBroadcast = {
  readonly type: 'StopBroadcast'
}

export type BroadcastEvent =
  | BroadcastEnded
  | BroadcastInterrupted
  | BroadcastResumed
  | BroadcastStarted
  | LeaseRenewed
  | StreamKeyIssued
  | StreamKeyRevoked
  | WarningAppeared
  | WarningCleared

export type BroadcastCommand =
  | EndDue
  | EndSession
  | IssueStreamKey
  | RenewLease
  | RevokeStreamKey
  | SetWarning
  | StartBroadcast
  | StopBroadcast

/** By type the fields that may be left out, as null: spread below those that are given. */
export const broadcastAbsent = {
  BroadcastEnded: {
    actor: null,
    restUntil: null,
  },
  StreamKeyIssued: {
    expiresAt: null,
  },
  IssueStreamKey: {
    expiresAt: null,
  },
  SetWarning: {
    value: null,
  },
} as const

const none: readonly string[] = []

export const broadcast: Contract<BroadcastEvent, BroadcastCommand> = {
  events: {
    BroadcastEnded: {
      schemas: ['broadcast/events/BroadcastEnded.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'BroadcastEnded',
        broadcastId: event.broadcastId,
        reason: event.reason,
        actor: event.actor,
        restUntil: event.restUntil,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    BroadcastInterrupted: {
      schemas: ['broadcast/events/BroadcastInterrupted.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'BroadcastInterrupted',
        broadcastId: event.broadcastId,
        cause: event.cause,
        graceUntil: event.graceUntil,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    BroadcastResumed: {
      schemas: ['broadcast/events/BroadcastResumed.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'BroadcastResumed',
        broadcastId: event.broadcastId,
        sessionId: event.sessionId,
        origin: event.origin,
        leaseUntil: event.leaseUntil,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    BroadcastStarted: {
      schemas: ['broadcast/events/BroadcastStarted.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'BroadcastStarted',
        broadcastId: event.broadcastId,
        sessionId: event.sessionId,
        keyId: event.keyId,
        origin: event.origin,
        leaseUntil: event.leaseUntil,
        graceMs: event.graceMs,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    LeaseRenewed: {
      schemas: ['broadcast/events/LeaseRenewed.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'LeaseRenewed',
        broadcastId: event.broadcastId,
        leaseUntil: event.leaseUntil,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    StreamKeyIssued: {
      schemas: ['broadcast/events/StreamKeyIssued.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'StreamKeyIssued',
        actor: event.actor,
        keyId: event.keyId,
        expiresAt: event.expiresAt,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    StreamKeyRevoked: {
      schemas: ['broadcast/events/StreamKeyRevoked.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'StreamKeyRevoked',
        actor: event.actor,
        keyId: event.keyId,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    WarningAppeared: {
      schemas: ['broadcast/events/WarningAppeared.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'WarningAppeared',
        broadcastId: event.broadcastId,
        warning: event.warning,
        value: event.value,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    WarningCleared: {
      schemas: ['broadcast/events/WarningCleared.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'WarningCleared',
        broadcastId: event.broadcastId,
        warning: event.warning,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
  },
  commands: {
    EndDue: {
      schemas: ['broadcast/commands/EndDue.v1'],
      plain: (command) => ({
        type: 'EndDue',
        dueAt: command.dueAt,
      }),
    },
    EndSession: {
      schemas: ['broadcast/commands/EndSession.v1'],
      plain: (command) => ({
        type: 'EndSession',
        sessionId: command.sessionId,
        cause: command.cause,
      }),
    },
    IssueStreamKey: {
      schemas: ['broadcast/commands/IssueStreamKey.v1'],
      plain: (command) => ({
        type: 'IssueStreamKey',
        keyId: command.keyId,
        expiresAt: command.expiresAt,
      }),
    },
    RenewLease: {
      schemas: ['broadcast/commands/RenewLease.v1'],
      plain: (command) => ({
        type: 'RenewLease',
        sessionId: command.sessionId,
        leaseMs: command.leaseMs,
      }),
    },
    RevokeStreamKey: {
      schemas: ['broadcast/commands/RevokeStreamKey.v1'],
      plain: (command) => ({
        type: 'RevokeStreamKey',
        keyId: command.keyId,
      }),
    },
    SetWarning: {
      schemas: ['broadcast/commands/SetWarning.v1'],
      plain: (command) => ({
        type: 'SetWarning',
        sessionId: command.sessionId,
        warning: command.warning,
        value: command.value,
      }),
    },
    StartBroadcast: {
      schemas: ['broadcast/commands/StartBroadcast.v1'],
      plain: (command) => ({
        type: 'StartBroadcast',
        broadcastId: command.broadcastId,
        sessionId: command.sessionId,
        keyId: command.keyId,
        origin: command.origin,
        leaseMs: command.leaseMs,
        graceMs: command.graceMs,
      }),
    },
    StopBroadcast: {
      schemas: ['broadcast/commands/StopBroadcast.v1'],
      plain: () => ({
        type: 'StopBroadcast',
      }),
    },
  },
}
