// Generated from schemas/broadcast/ by `npm run generate`.
import type { Contract } from '../contract.ts'
import type { Sealed } from '../sealed.ts'

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

/** What the channel's broadcasts are about, or whom they are for, has changed; what is null stayed as it was. */
export type BroadcastInfoChanged = {
  readonly type: 'BroadcastInfoChanged'
  /** Account id of who changed it. */
  readonly actor: string
  /** The broadcast that was open then. */
  readonly broadcastId: string | null
  /** What it is called; empty when it was taken away. Sealed with the key of `actor`. */
  readonly title: Sealed | null
  /** What is done or played; empty when it was taken away. Sealed with the key of `actor`. */
  readonly category: Sealed | null
  /** Words to find it by, separated by commas; empty when there are none. Sealed with the key of `actor`. */
  readonly tags: Sealed | null
  /** Of what is spoken: a tag of BCP 47; empty when it was taken away. */
  readonly language: string | null
  /** Whether it is found in lists. */
  readonly visibility: 'public' | 'unlisted' | null
  /** Who may watch; private: those with a role in the channel. */
  readonly audience: 'everybody' | 'subscribers' | 'private' | null
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

/** A clip is deleted, with its media. */
export type ClipDeleted = {
  readonly type: 'ClipDeleted'
  /** The clip: UUIDv7. */
  readonly clipId: string
  /** Account id of who did it. */
  readonly actor: string
}

/** The time of a clip is over: it is deleted, with its media. */
export type ClipExpired = {
  readonly type: 'ClipExpired'
  /** The clip: UUIDv7. */
  readonly clipId: string
}

/** There is no clip, and its id is free. */
export type ClipFailed = {
  readonly type: 'ClipFailed'
  /** The clip: UUIDv7. */
  readonly clipId: string
  /** Why not. */
  readonly problem: 'nothing_recorded' | 'recording_deleted' | 'ffmpeg_missing' | 'ffmpeg_failed'
}

/** A clip is there. */
export type ClipMade = {
  readonly type: 'ClipMade'
  /** The clip: UUIDv7. */
  readonly clipId: string
  /** Their bytes, with those of init segments. */
  readonly bytes: number
  /** What they last together, in milliseconds. */
  readonly durationMs: number
}

/** A part of a recording is to be kept as a clip of its own. */
export type ClipRequested = {
  readonly type: 'ClipRequested'
  /** The clip: UUIDv7. */
  readonly clipId: string
  /** The recording: the id of its broadcast. */
  readonly vodId: string
  /** Account id of who did it. */
  readonly actor: string
  /** From when on, by the clock of the broadcast: milliseconds since 1970. */
  readonly fromMs: number
  /** Until when. */
  readonly toMs: number
  /** Its title. Sealed with the key of `actor`. */
  readonly title: Sealed
}

/** A stream key was used: an encoder was let in, and may send media. Nobody is shown anything yet. */
export type EncoderAdmitted = {
  readonly type: 'EncoderAdmitted'
  /** By which stream key. */
  readonly keyId: string
  /** The connection of the encoder: UUIDv7. */
  readonly sessionId: string
  /** Account id of whose channel it is. */
  readonly ownerId: string
  /** From where it came: HMAC of the address, of IPv6 of its /64. Sealed with the key of `ownerId`. */
  readonly addressHash: Sealed | null
  /** HMAC of the network of that address: its /24, or of IPv6 its /64. Sealed with the key of `ownerId`. */
  readonly networkHash: Sealed | null
}

/** An encoder tries itself out by a stream key for tests: its media is measured, and neither shown nor kept. */
export type EncoderTested = {
  readonly type: 'EncoderTested'
  /** By which stream key. */
  readonly keyId: string
  /** The connection of the encoder: UUIDv7. */
  readonly sessionId: string
}

/** The ingest app still has the encoder. */
export type LeaseRenewed = {
  readonly type: 'LeaseRenewed'
  /** The broadcast: UUIDv7, by which its media is addressed too. */
  readonly broadcastId: string
  /** When it is interrupted unless the lease is renewed again. */
  readonly leaseUntil: number
}

/** Nothing more is added to the recording. */
export type RecordingFinished = {
  readonly type: 'RecordingFinished'
  /** The broadcast, whose recording it is: UUIDv7. */
  readonly broadcastId: string
  /** The ingest app said so, or was not heard of in time. */
  readonly cause: 'whole' | 'overdue'
}

/** How much of a broadcast has been recorded by a run of an ingest app. */
export type RecordingReported = {
  readonly type: 'RecordingReported'
  /** The broadcast, whose recording it is: UUIDv7. */
  readonly broadcastId: string
  /** A run of an ingest app over the broadcast, in whose folder its segments lie: UUIDv7. */
  readonly take: string
  /** Segments in the object store. */
  readonly segments: number
  /** Their bytes, with those of init segments. */
  readonly bytes: number
  /** What they last together, in milliseconds. */
  readonly durationMs: number
  /** What could not be kept since the object store was away, in milliseconds. */
  readonly lostMs: number
}

/** What the recording has come to; of one without segments nothing is kept. */
export type RecordingSealed = {
  readonly type: 'RecordingSealed'
  /** The broadcast, whose recording it is: UUIDv7. */
  readonly broadcastId: string
  /** Segments in the object store. */
  readonly segments: number
  /** Their bytes, with those of init segments. */
  readonly bytes: number
  /** What they last together, in milliseconds. */
  readonly durationMs: number
}

/** A broadcast is recorded from here on. */
export type RecordingStarted = {
  readonly type: 'RecordingStarted'
  /** The broadcast, whose recording it is: UUIDv7. */
  readonly broadcastId: string
  /** Whether the recording is found in lists, as the broadcast was. */
  readonly visibility: 'public' | 'unlisted'
  /** Who may watch it; private: those with a role in the channel. */
  readonly audience: 'everybody' | 'subscribers' | 'private'
  /** What the channel may keep in all, in bytes; none: without bound. */
  readonly quotaBytes: number | null
  /** Days after which recordings are deleted, where nothing else is set for the channel; none or 0: never. */
  readonly retentionDays: number | null
  /** The same of clips. */
  readonly clipRetentionDays: number | null
}

/** No more of the broadcast is recorded; it goes on. */
export type RecordingStopped = {
  readonly type: 'RecordingStopped'
  /** The broadcast, whose recording it is: UUIDv7. */
  readonly broadcastId: string
  /** The channel keeps as much as it may. */
  readonly reason: 'quota'
}

/** How the channel's broadcasts are kept from here on. */
export type RecordingsChanged = {
  readonly type: 'RecordingsChanged'
  /** Account id of who did it. */
  readonly actor: string
  /** Whether broadcasts to come are recorded. */
  readonly isOn: boolean
  /** Days after which a recording is deleted; 0: never. */
  readonly retentionDays: number
  /** What the channel may keep; none: as the settings have it. */
  readonly quotaBytes: number | null
  /** Days after which a clip is deleted; 0: never. */
  readonly clipRetentionDays: number
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
  /** What it is for, in words of whoever had it issued. Sealed with the key of `actor`. */
  readonly label: Sealed | null
  /** What may be done by it; test: media is measured, and nobody is shown it. */
  readonly purpose: 'live' | 'test'
}

/** A stream key is good no more. */
export type StreamKeyRevoked = {
  readonly type: 'StreamKeyRevoked'
  /** Account id of who did it. */
  readonly actor: string
  /** Which stream key: UUIDv7. The key itself stands in the vault, by its hash. */
  readonly keyId: string
}

/** A stream key has another secret from here on; an encoder that publishes by the one before goes on. */
export type StreamKeyRotated = {
  readonly type: 'StreamKeyRotated'
  /** Account id of who did it. */
  readonly actor: string
  /** Which stream key. */
  readonly keyId: string
}

/** What is said of a recording has changed. */
export type VodChanged = {
  readonly type: 'VodChanged'
  /** The recording: the id of its broadcast. */
  readonly vodId: string
  /** Account id of who did it. */
  readonly actor: string
  /** Its title; none: as it was. Sealed with the key of `actor`. */
  readonly title: Sealed | null
  /** Whether it is found in lists; none: as it was. */
  readonly visibility: 'public' | 'unlisted' | null
  /** Who may watch it; none: as it was. */
  readonly audience: 'everybody' | 'subscribers' | 'private' | null
}

/** A recording is deleted, with its media. */
export type VodDeleted = {
  readonly type: 'VodDeleted'
  /** The recording: the id of its broadcast. */
  readonly vodId: string
  /** Account id of who deleted it, where somebody did. */
  readonly actor: string | null
  /** Somebody wanted it so, or its time was over. */
  readonly reason: 'asked' | 'retention'
}

/** Something about the broadcast is not as it should be. */
export type WarningAppeared = {
  readonly type: 'WarningAppeared'
  /** The broadcast: UUIDv7, by which its media is addressed too. */
  readonly broadcastId: string
  /** What: keyframes too far apart, no encoder for smaller renditions, parts of the recording lost, most or all of what may be kept used up. */
  readonly warning: 'keyframe_interval' | 'no_renditions' | 'recording_lost' | 'quota_near' | 'quota_reached'
  /** As it was measured: milliseconds between two keyframes, or lost; how many encoders there are; percent of what may be kept. */
  readonly value: number
}

/** What was warned of is well again. */
export type WarningCleared = {
  readonly type: 'WarningCleared'
  /** The broadcast: UUIDv7, by which its media is addressed too. */
  readonly broadcastId: string
  /** What. */
  readonly warning: 'keyframe_interval' | 'no_renditions' | 'recording_lost' | 'quota_near' | 'quota_reached'
}

/** An encoder has a stream key, and asks to be let in; sent by the ingest app alone. */
export type AdmitEncoder = {
  readonly type: 'AdmitEncoder'
  /** The connection of the encoder: UUIDv7. */
  readonly sessionId: string
  /** By which stream key. */
  readonly keyId: string
  /** Account id of whose channel it is. */
  readonly ownerId: string
  /** Whether an encoder that publishes already may be replaced. */
  readonly takesOver: boolean
  /** From where it comes: HMAC of the address, of IPv6 of its /64. */
  readonly addressHash: string | null
  /** HMAC of the network of that address: its /24, or of IPv6 its /64. */
  readonly networkHash: string | null
}

/** Says what the channel's broadcasts are about and whom they are for; what is null stays as it is. */
export type ChangeBroadcastInfo = {
  readonly type: 'ChangeBroadcastInfo'
  /** What it is called; empty takes it away. */
  readonly title: string | null
  /** What is done or played; empty takes it away. */
  readonly category: string | null
  /** Words to find it by. */
  readonly tags: readonly string[] | null
  /** Of what is spoken: a tag of BCP 47; empty takes it away. */
  readonly language: string | null
  /** Whether it is found in lists. */
  readonly visibility: 'public' | 'unlisted' | null
  /** Who may watch; private: those with a role in the channel. */
  readonly audience: 'everybody' | 'subscribers' | 'private' | null
}

/** How a channel's broadcasts are kept; what is left out stays as it is. */
export type ChangeRecordings = {
  readonly type: 'ChangeRecordings'
  /** Whether broadcasts to come are recorded. */
  readonly isOn: boolean | null
  /** Days after which a recording is deleted; 0: never. */
  readonly retentionDays: number | null
  /** What the channel may keep, by the platform's administrators; 0: as the settings have it. */
  readonly quotaBytes: number | null
  /** Days after which a clip is deleted; 0: never. */
  readonly clipRetentionDays: number | null
}

/** Changes what is said of a recording; what is left out stays as it is. */
export type ChangeVod = {
  readonly type: 'ChangeVod'
  /** The recording: the id of its broadcast. */
  readonly vodId: string
  /** Its title. */
  readonly title: string | null
  /** Whether it is found in lists. */
  readonly visibility: 'public' | 'unlisted' | null
  /** Who may watch it. */
  readonly audience: 'everybody' | 'subscribers' | 'private' | null
}

/** Deletes a clip, with its media. */
export type DeleteClip = {
  readonly type: 'DeleteClip'
  /** The clip: UUIDv7. */
  readonly clipId: string
}

/** Deletes a recording, with its media. */
export type DeleteVod = {
  readonly type: 'DeleteVod'
  /** The recording: the id of its broadcast. */
  readonly vodId: string
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

/** What came of a clip; sent by who made it. */
export type FinishClip = {
  readonly type: 'FinishClip'
  /** The clip: UUIDv7. */
  readonly clipId: string
  /** Their bytes, with those of init segments. */
  readonly bytes: number
  /** What they last together, in milliseconds. */
  readonly durationMs: number
  /** Why there is none. */
  readonly problem: 'nothing_recorded' | 'recording_deleted' | 'ffmpeg_missing' | 'ffmpeg_failed' | null
}

/** Nothing more will be added to a recording; sent by the ingest app. */
export type FinishRecording = {
  readonly type: 'FinishRecording'
  /** The broadcast, whose recording it is: UUIDv7. */
  readonly broadcastId: string
}

/** Lets somebody publish by a stream key that the vault holds. */
export type IssueStreamKey = {
  readonly type: 'IssueStreamKey'
  /** Which stream key: UUIDv7. The key itself stands in the vault, by its hash. */
  readonly keyId: string
  /** When it ceases to be good; none: never. */
  readonly expiresAt: number | null
  /** What it is for, in words of whoever has it issued. */
  readonly label: string | null
  /** What may be done by it; test: media is measured, and nobody is shown it. */
  readonly purpose: 'live' | 'test'
}

/** Keeps a part of a recording as a clip of its own. */
export type MakeClip = {
  readonly type: 'MakeClip'
  /** The clip: UUIDv7. */
  readonly clipId: string
  /** The recording: the id of its broadcast. */
  readonly vodId: string
  /** From when on, by the clock of the broadcast: milliseconds since 1970. */
  readonly fromMs: number
  /** Until when. */
  readonly toMs: number
  /** Its title. */
  readonly title: string
}

/** The ingest app still has the encoder. */
export type RenewLease = {
  readonly type: 'RenewLease'
  /** The connection of the encoder: UUIDv7. */
  readonly sessionId: string
  /** For how long from now. */
  readonly leaseMs: number
}

/** How much of a broadcast has been recorded; sent by the ingest app, with sums of its take. */
export type ReportRecording = {
  readonly type: 'ReportRecording'
  /** The broadcast, whose recording it is: UUIDv7. */
  readonly broadcastId: string
  /** A run of an ingest app over the broadcast, in whose folder its segments lie: UUIDv7. */
  readonly take: string
  /** Segments in the object store. */
  readonly segments: number
  /** Their bytes, with those of init segments. */
  readonly bytes: number
  /** What they last together, in milliseconds. */
  readonly durationMs: number
  /** What could not be kept since the object store was away, in milliseconds. */
  readonly lostMs: number
}

/** Takes a stream key away; a broadcast by it ends. */
export type RevokeStreamKey = {
  readonly type: 'RevokeStreamKey'
  /** Which stream key: UUIDv7. The key itself stands in the vault, by its hash. */
  readonly keyId: string
}

/** Puts another secret in the place of a stream key's; the vault holds both until it is decided. */
export type RotateStreamKey = {
  readonly type: 'RotateStreamKey'
  /** Which stream key. */
  readonly keyId: string
}

/** What a recording has come to, as the object store has it; sent by who looked. */
export type SealRecording = {
  readonly type: 'SealRecording'
  /** The broadcast, whose recording it is: UUIDv7. */
  readonly broadcastId: string
  /** Segments in the object store. */
  readonly segments: number
  /** Their bytes, with those of init segments. */
  readonly bytes: number
  /** What they last together, in milliseconds. */
  readonly durationMs: number
}

/** The ingest app has seen a warning appear or clear. */
export type SetWarning = {
  readonly type: 'SetWarning'
  /** The connection of the encoder: UUIDv7. */
  readonly sessionId: string
  /** What: keyframes too far apart, no encoder for smaller renditions. */
  readonly warning: 'keyframe_interval' | 'no_renditions'
  /** As it was measured: milliseconds, or how many encoders there are; none: it is well again. */
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
  /** Whether an encoder that publishes already is replaced. */
  readonly takesOver: boolean
  /** What recordings of a channel may take, where nothing else is set for it; none: without bound. */
  readonly quotaBytes: number | null
  /** Days after which recordings are deleted, where nothing else is set for the channel; none or 0: never. */
  readonly retentionDays: number | null
  /** The same of clips. */
  readonly clipRetentionDays: number | null
}

/** Ends the broadcast of a channel. */
export type StopBroadcast = {
  readonly type: 'StopBroadcast'
}

export type BroadcastEvent =
  | BroadcastEnded
  | BroadcastInfoChanged
  | BroadcastInterrupted
  | BroadcastResumed
  | BroadcastStarted
  | ClipDeleted
  | ClipExpired
  | ClipFailed
  | ClipMade
  | ClipRequested
  | EncoderAdmitted
  | EncoderTested
  | LeaseRenewed
  | RecordingFinished
  | RecordingReported
  | RecordingSealed
  | RecordingStarted
  | RecordingStopped
  | RecordingsChanged
  | StreamKeyIssued
  | StreamKeyRevoked
  | StreamKeyRotated
  | VodChanged
  | VodDeleted
  | WarningAppeared
  | WarningCleared

export type BroadcastCommand =
  | AdmitEncoder
  | ChangeBroadcastInfo
  | ChangeRecordings
  | ChangeVod
  | DeleteClip
  | DeleteVod
  | EndDue
  | EndSession
  | FinishClip
  | FinishRecording
  | IssueStreamKey
  | MakeClip
  | RenewLease
  | ReportRecording
  | RevokeStreamKey
  | RotateStreamKey
  | SealRecording
  | SetWarning
  | StartBroadcast
  | StopBroadcast

/** By type the fields that may be left out, as null: spread below those that are given. */
export const broadcastAbsent = {
  BroadcastEnded: {
    actor: null,
    restUntil: null,
  },
  BroadcastInfoChanged: {
    broadcastId: null,
    title: null,
    category: null,
    tags: null,
    language: null,
    visibility: null,
    audience: null,
  },
  EncoderAdmitted: {
    addressHash: null,
    networkHash: null,
  },
  RecordingStarted: {
    quotaBytes: null,
    retentionDays: null,
    clipRetentionDays: null,
  },
  RecordingsChanged: {
    quotaBytes: null,
  },
  StreamKeyIssued: {
    expiresAt: null,
    label: null,
  },
  VodChanged: {
    title: null,
    visibility: null,
    audience: null,
  },
  VodDeleted: {
    actor: null,
  },
  AdmitEncoder: {
    addressHash: null,
    networkHash: null,
  },
  ChangeBroadcastInfo: {
    title: null,
    category: null,
    tags: null,
    language: null,
    visibility: null,
    audience: null,
  },
  ChangeRecordings: {
    isOn: null,
    retentionDays: null,
    quotaBytes: null,
    clipRetentionDays: null,
  },
  ChangeVod: {
    title: null,
    visibility: null,
    audience: null,
  },
  FinishClip: {
    problem: null,
  },
  IssueStreamKey: {
    expiresAt: null,
    label: null,
  },
  SetWarning: {
    value: null,
  },
  StartBroadcast: {
    quotaBytes: null,
    retentionDays: null,
    clipRetentionDays: null,
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
    BroadcastInfoChanged: {
      schemas: ['broadcast/events/BroadcastInfoChanged.v1'],
      sealed: { title: 'actor', category: 'actor', tags: 'actor' },
      plain: (event) => ({
        type: 'BroadcastInfoChanged',
        actor: event.actor,
        broadcastId: event.broadcastId,
        title: event.title,
        category: event.category,
        tags: event.tags,
        language: event.language,
        visibility: event.visibility,
        audience: event.audience,
      }),
      seal: (event, id, seal) => ({
        type: 'BroadcastInfoChanged',
        actor: event.actor,
        broadcastId: event.broadcastId,
        title: event.title === null ? null : seal(event.actor, id, 'title', event.title),
        category: event.category === null ? null : seal(event.actor, id, 'category', event.category),
        tags: event.tags === null ? null : seal(event.actor, id, 'tags', event.tags),
        language: event.language,
        visibility: event.visibility,
        audience: event.audience,
      }),
      open: (event, id, open) => ({
        type: 'BroadcastInfoChanged',
        actor: event.actor,
        broadcastId: event.broadcastId,
        title: event.title === null ? null : open(event.actor, id, 'title', event.title),
        category: event.category === null ? null : open(event.actor, id, 'category', event.category),
        tags: event.tags === null ? null : open(event.actor, id, 'tags', event.tags),
        language: event.language,
        visibility: event.visibility,
        audience: event.audience,
      }),
      subjects: (event) => (event.title === null && event.category === null && event.tags === null ? none : [event.actor]),
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
    ClipDeleted: {
      schemas: ['broadcast/events/ClipDeleted.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'ClipDeleted',
        clipId: event.clipId,
        actor: event.actor,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    ClipExpired: {
      schemas: ['broadcast/events/ClipExpired.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'ClipExpired',
        clipId: event.clipId,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    ClipFailed: {
      schemas: ['broadcast/events/ClipFailed.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'ClipFailed',
        clipId: event.clipId,
        problem: event.problem,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    ClipMade: {
      schemas: ['broadcast/events/ClipMade.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'ClipMade',
        clipId: event.clipId,
        bytes: event.bytes,
        durationMs: event.durationMs,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    ClipRequested: {
      schemas: ['broadcast/events/ClipRequested.v1'],
      sealed: { title: 'actor' },
      plain: (event) => ({
        type: 'ClipRequested',
        clipId: event.clipId,
        vodId: event.vodId,
        actor: event.actor,
        fromMs: event.fromMs,
        toMs: event.toMs,
        title: event.title,
      }),
      seal: (event, id, seal) => ({
        type: 'ClipRequested',
        clipId: event.clipId,
        vodId: event.vodId,
        actor: event.actor,
        fromMs: event.fromMs,
        toMs: event.toMs,
        title: seal(event.actor, id, 'title', event.title),
      }),
      open: (event, id, open) => ({
        type: 'ClipRequested',
        clipId: event.clipId,
        vodId: event.vodId,
        actor: event.actor,
        fromMs: event.fromMs,
        toMs: event.toMs,
        title: open(event.actor, id, 'title', event.title),
      }),
      subjects: (event) => [event.actor],
    },
    EncoderAdmitted: {
      schemas: ['broadcast/events/EncoderAdmitted.v1'],
      sealed: { addressHash: 'ownerId', networkHash: 'ownerId' },
      plain: (event) => ({
        type: 'EncoderAdmitted',
        keyId: event.keyId,
        sessionId: event.sessionId,
        ownerId: event.ownerId,
        addressHash: event.addressHash,
        networkHash: event.networkHash,
      }),
      seal: (event, id, seal) => ({
        type: 'EncoderAdmitted',
        keyId: event.keyId,
        sessionId: event.sessionId,
        ownerId: event.ownerId,
        addressHash: event.addressHash === null ? null : seal(event.ownerId, id, 'addressHash', event.addressHash),
        networkHash: event.networkHash === null ? null : seal(event.ownerId, id, 'networkHash', event.networkHash),
      }),
      open: (event, id, open) => ({
        type: 'EncoderAdmitted',
        keyId: event.keyId,
        sessionId: event.sessionId,
        ownerId: event.ownerId,
        addressHash: event.addressHash === null ? null : open(event.ownerId, id, 'addressHash', event.addressHash),
        networkHash: event.networkHash === null ? null : open(event.ownerId, id, 'networkHash', event.networkHash),
      }),
      subjects: (event) => (event.addressHash === null && event.networkHash === null ? none : [event.ownerId]),
    },
    EncoderTested: {
      schemas: ['broadcast/events/EncoderTested.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'EncoderTested',
        keyId: event.keyId,
        sessionId: event.sessionId,
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
    RecordingFinished: {
      schemas: ['broadcast/events/RecordingFinished.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'RecordingFinished',
        broadcastId: event.broadcastId,
        cause: event.cause,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    RecordingReported: {
      schemas: ['broadcast/events/RecordingReported.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'RecordingReported',
        broadcastId: event.broadcastId,
        take: event.take,
        segments: event.segments,
        bytes: event.bytes,
        durationMs: event.durationMs,
        lostMs: event.lostMs,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    RecordingSealed: {
      schemas: ['broadcast/events/RecordingSealed.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'RecordingSealed',
        broadcastId: event.broadcastId,
        segments: event.segments,
        bytes: event.bytes,
        durationMs: event.durationMs,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    RecordingStarted: {
      schemas: ['broadcast/events/RecordingStarted.v1', 'broadcast/events/RecordingStarted.v2'],
      sealed: {},
      plain: (event) => ({
        type: 'RecordingStarted',
        broadcastId: event.broadcastId,
        visibility: event.visibility,
        audience: event.audience,
        quotaBytes: event.quotaBytes,
        retentionDays: event.retentionDays,
        clipRetentionDays: event.clipRetentionDays,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    RecordingStopped: {
      schemas: ['broadcast/events/RecordingStopped.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'RecordingStopped',
        broadcastId: event.broadcastId,
        reason: event.reason,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    RecordingsChanged: {
      schemas: ['broadcast/events/RecordingsChanged.v1', 'broadcast/events/RecordingsChanged.v2'],
      sealed: {},
      plain: (event) => ({
        type: 'RecordingsChanged',
        actor: event.actor,
        isOn: event.isOn,
        retentionDays: event.retentionDays,
        quotaBytes: event.quotaBytes,
        clipRetentionDays: event.clipRetentionDays,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    StreamKeyIssued: {
      schemas: ['broadcast/events/StreamKeyIssued.v1'],
      sealed: { label: 'actor' },
      plain: (event) => ({
        type: 'StreamKeyIssued',
        actor: event.actor,
        keyId: event.keyId,
        expiresAt: event.expiresAt,
        label: event.label,
        purpose: event.purpose,
      }),
      seal: (event, id, seal) => ({
        type: 'StreamKeyIssued',
        actor: event.actor,
        keyId: event.keyId,
        expiresAt: event.expiresAt,
        label: event.label === null ? null : seal(event.actor, id, 'label', event.label),
        purpose: event.purpose,
      }),
      open: (event, id, open) => ({
        type: 'StreamKeyIssued',
        actor: event.actor,
        keyId: event.keyId,
        expiresAt: event.expiresAt,
        label: event.label === null ? null : open(event.actor, id, 'label', event.label),
        purpose: event.purpose,
      }),
      subjects: (event) => (event.label === null ? none : [event.actor]),
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
    StreamKeyRotated: {
      schemas: ['broadcast/events/StreamKeyRotated.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'StreamKeyRotated',
        actor: event.actor,
        keyId: event.keyId,
      }),
      seal: (event) => event,
      open: (event) => event,
      subjects: () => none,
    },
    VodChanged: {
      schemas: ['broadcast/events/VodChanged.v1'],
      sealed: { title: 'actor' },
      plain: (event) => ({
        type: 'VodChanged',
        vodId: event.vodId,
        actor: event.actor,
        title: event.title,
        visibility: event.visibility,
        audience: event.audience,
      }),
      seal: (event, id, seal) => ({
        type: 'VodChanged',
        vodId: event.vodId,
        actor: event.actor,
        title: event.title === null ? null : seal(event.actor, id, 'title', event.title),
        visibility: event.visibility,
        audience: event.audience,
      }),
      open: (event, id, open) => ({
        type: 'VodChanged',
        vodId: event.vodId,
        actor: event.actor,
        title: event.title === null ? null : open(event.actor, id, 'title', event.title),
        visibility: event.visibility,
        audience: event.audience,
      }),
      subjects: (event) => (event.title === null ? none : [event.actor]),
    },
    VodDeleted: {
      schemas: ['broadcast/events/VodDeleted.v1'],
      sealed: {},
      plain: (event) => ({
        type: 'VodDeleted',
        vodId: event.vodId,
        actor: event.actor,
        reason: event.reason,
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
    AdmitEncoder: {
      schemas: ['broadcast/commands/AdmitEncoder.v1'],
      plain: (command) => ({
        type: 'AdmitEncoder',
        sessionId: command.sessionId,
        keyId: command.keyId,
        ownerId: command.ownerId,
        takesOver: command.takesOver,
        addressHash: command.addressHash,
        networkHash: command.networkHash,
      }),
    },
    ChangeBroadcastInfo: {
      schemas: ['broadcast/commands/ChangeBroadcastInfo.v1'],
      plain: (command) => ({
        type: 'ChangeBroadcastInfo',
        title: command.title,
        category: command.category,
        tags: command.tags,
        language: command.language,
        visibility: command.visibility,
        audience: command.audience,
      }),
    },
    ChangeRecordings: {
      schemas: ['broadcast/commands/ChangeRecordings.v1', 'broadcast/commands/ChangeRecordings.v2'],
      plain: (command) => ({
        type: 'ChangeRecordings',
        isOn: command.isOn,
        retentionDays: command.retentionDays,
        quotaBytes: command.quotaBytes,
        clipRetentionDays: command.clipRetentionDays,
      }),
    },
    ChangeVod: {
      schemas: ['broadcast/commands/ChangeVod.v1'],
      plain: (command) => ({
        type: 'ChangeVod',
        vodId: command.vodId,
        title: command.title,
        visibility: command.visibility,
        audience: command.audience,
      }),
    },
    DeleteClip: {
      schemas: ['broadcast/commands/DeleteClip.v1'],
      plain: (command) => ({
        type: 'DeleteClip',
        clipId: command.clipId,
      }),
    },
    DeleteVod: {
      schemas: ['broadcast/commands/DeleteVod.v1'],
      plain: (command) => ({
        type: 'DeleteVod',
        vodId: command.vodId,
      }),
    },
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
    FinishClip: {
      schemas: ['broadcast/commands/FinishClip.v1'],
      plain: (command) => ({
        type: 'FinishClip',
        clipId: command.clipId,
        bytes: command.bytes,
        durationMs: command.durationMs,
        problem: command.problem,
      }),
    },
    FinishRecording: {
      schemas: ['broadcast/commands/FinishRecording.v1'],
      plain: (command) => ({
        type: 'FinishRecording',
        broadcastId: command.broadcastId,
      }),
    },
    IssueStreamKey: {
      schemas: ['broadcast/commands/IssueStreamKey.v1'],
      plain: (command) => ({
        type: 'IssueStreamKey',
        keyId: command.keyId,
        expiresAt: command.expiresAt,
        label: command.label,
        purpose: command.purpose,
      }),
    },
    MakeClip: {
      schemas: ['broadcast/commands/MakeClip.v1'],
      plain: (command) => ({
        type: 'MakeClip',
        clipId: command.clipId,
        vodId: command.vodId,
        fromMs: command.fromMs,
        toMs: command.toMs,
        title: command.title,
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
    ReportRecording: {
      schemas: ['broadcast/commands/ReportRecording.v1'],
      plain: (command) => ({
        type: 'ReportRecording',
        broadcastId: command.broadcastId,
        take: command.take,
        segments: command.segments,
        bytes: command.bytes,
        durationMs: command.durationMs,
        lostMs: command.lostMs,
      }),
    },
    RevokeStreamKey: {
      schemas: ['broadcast/commands/RevokeStreamKey.v1'],
      plain: (command) => ({
        type: 'RevokeStreamKey',
        keyId: command.keyId,
      }),
    },
    RotateStreamKey: {
      schemas: ['broadcast/commands/RotateStreamKey.v1'],
      plain: (command) => ({
        type: 'RotateStreamKey',
        keyId: command.keyId,
      }),
    },
    SealRecording: {
      schemas: ['broadcast/commands/SealRecording.v1'],
      plain: (command) => ({
        type: 'SealRecording',
        broadcastId: command.broadcastId,
        segments: command.segments,
        bytes: command.bytes,
        durationMs: command.durationMs,
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
      schemas: ['broadcast/commands/StartBroadcast.v1', 'broadcast/commands/StartBroadcast.v2'],
      plain: (command) => ({
        type: 'StartBroadcast',
        broadcastId: command.broadcastId,
        sessionId: command.sessionId,
        keyId: command.keyId,
        origin: command.origin,
        leaseMs: command.leaseMs,
        graceMs: command.graceMs,
        takesOver: command.takesOver,
        quotaBytes: command.quotaBytes,
        retentionDays: command.retentionDays,
        clipRetentionDays: command.clipRetentionDays,
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
