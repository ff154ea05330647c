import { authBench } from './auth/auth.ts'
import type { Bench } from './bench.ts'
import { chatBench } from './chat/chat.ts'
import { connectionsBench } from './connections/connections.ts'
import { deciderBench } from './decider/decider.ts'
import { logBench } from './log.ts'
import { projectBench } from './project/project.ts'
import { startBench } from './start.ts'
import { stormBench } from './storm.ts'
import { streamsBench } from './streams/streams.ts'

import { videoBench } from './video/video.ts'

export const benches: readonly Bench[] = [
  chatBench,
  connectionsBench,
  projectBench,
  streamsBench,
  logBench,
  authBench,
  deciderBench,
  startBench,
  stormBench,
  videoBench,
]
