import { createPasswords } from '#libs/vault/passwords.ts'

const PASSWORD = 'correct horse battery'

/**
 * Passwords that this machine verifies a second when it does nothing else, by the code that logins use. Run in a process
 * of its own, so that it stands for what an edge could do.
 */
const verifiedPerSecond = async (seconds: number): Promise<number> => {
  const passwords = createPasswords({ queue: 64 })
  const hash = await passwords.hash(PASSWORD)
  const until = performance.now() + seconds * 1000
  let verified = 0
  const began = performance.now()
  const lane = async () => {
    while (performance.now() < until) {
      await passwords.verify(hash, PASSWORD)
      verified++
    }
  }
  await Promise.all(Array.from({ length: 16 }, lane))
  return verified / ((performance.now() - began) / 1000)
}

process.stdout.write(`${await verifiedPerSecond(Number(process.argv[2] ?? 10))}\n`)
process.exit()
