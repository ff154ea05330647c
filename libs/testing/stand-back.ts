import { setPriority } from 'node:os'

/** To be imported first by a process beside which another that wants the same processor is to have three quarters of it (`nice` 5). */
setPriority(5)
