import { Worker } from 'node:worker_threads'

/** Costs that a service would have chosen; a higher one would hold a thread for many seconds. */
const form = /^\$2[aby]\$(0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}$/

/** Whether a hash is bcrypt's, as people bring it from elsewhere. */
export const isBcrypt = (passwordHash: string): boolean => form.test(passwordHash)

/**
 * Whether a bcrypt hash is the password's. In a thread of its own, since bcrypt here is JavaScript: each account needs it
 * once, and is hashed anew then.
 */
export const verifyBcrypt = (passwordHash: string, password: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('bcrypt-worker.ts', import.meta.url), { workerData: { passwordHash, password } })
    worker.once('message', (matches) => resolve(matches === true))
    worker.once('error', reject)
    // Behind a message this changes nothing.
    worker.once('exit', (code) => reject(new Error(`the thread of bcrypt ended with ${code}`)))
  })
