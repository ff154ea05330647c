import { setPriority } from 'node:os'

/** To be imported first by a process that is to have a third of the processor beside one that wants it too (`nice` 5). */
setPriority(5)
