import { rename, rm, symlink } from 'node:fs/promises'
import { broughtFfmpeg } from '#libs/media/ffmpeg/find.ts'
import { ffmpegForTests } from './ffmpeg.ts'

/** `npm run ffmpeg`: brings an ffmpeg with libx264 from PyPI, and puts it where whiply looks when the system has none. */
const program = await ffmpegForTests()
const aside = `${broughtFfmpeg}.new`
await rm(aside, { force: true })
await symlink(program, aside)
await rename(aside, broughtFfmpeg)
process.stdout.write(`${broughtFfmpeg} is ${program}\n`)
