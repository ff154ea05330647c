import { parentPort, workerData } from 'node:worker_threads'
import { compareSync } from 'bcryptjs'

const { passwordHash, password } = workerData as { readonly passwordHash: string; readonly password: string }

parentPort?.postMessage(compareSync(password, passwordHash))
