import type { Rung } from './rungs.ts'

/** The first pipe to write to: behind standard input, output and error. */
export const firstPipe = 3

/** A decoder that has seen so much knows what it decodes; several threads would each hold a picture back. */
const input = [
  ...['-threads', '1', '-probesize', '32768', '-analyzeduration', '300000'],
  ...['-copyts', '-f', 'flv', '-i', 'pipe:0'],
] as const

const output = ({ lines, kilobitsPerSecond }: Rung, index: number): readonly string[] => [
  ...['-map', '0:v:0', '-map', '0:a:0?', '-vf', `scale=-2:${lines}`],
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
  ...['-b:v', `${kilobitsPerSecond}k`, '-maxrate', `${Math.round(kilobitsPerSecond * 1.2)}k`],
  ...['-bufsize', `${kilobitsPerSecond}k`],
  // The times of the source, and its keyframes: so the rendition is cut where the source is.
  ...['-fps_mode', 'passthrough', '-enc_time_base:v', '1:1000', '-force_key_frames', 'source'],
  ...['-g', '600', '-sc_threshold', '0', '-threads', '1'],
  ...['-c:a', 'copy', '-flush_packets', '1', '-f', 'flv', `pipe:${firstPipe + index}`],
]

/** ffmpeg as an encoder alone: FLV in on its standard input, FLV for each rung out on a pipe. */
export const encoderArguments = (rungs: readonly Rung[]): readonly string[] => [
  ...['-v', 'error', '-nostats'],
  ...input,
  ...rungs.flatMap(output),
]
