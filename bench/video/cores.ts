import { cpuSeconds } from '../processes.ts'

/** CPU cores that the processes take while the work is done. */
export const coresOver = async (pids: () => readonly number[], work: () => Promise<unknown>): Promise<number> => {
  const [of, begun] = [pids(), performance.now()]
  const before = cpuSeconds(of)
  await work()
  return (cpuSeconds(of) - before) / ((performance.now() - begun) / 1000)
}
