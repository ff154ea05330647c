import type { Bench } from './bench.ts'
import { chatBench } from './chat/chat.ts'

export const benches: readonly Bench[] = [chatBench]
