import type { RunningWhiply } from '../../whiply.ts'
import { strike } from './victims.ts'
import { within } from './within.ts'

export type EncoderKilled = {
  /** Until there is another one. */
  readonly encoderRespawnMs: number
  /** Until the rendition has a part that the other one has made. */
  readonly renditionResumesMs: number
  readonly renditionDiscontinuities: number
  readonly sourceDiscontinuities: number
}

const RENDITION = '240p'
const discontinuities = (playlist: string): number => playlist.split('\n#EXT-X-DISCONTINUITY\n').length - 1

/** Whether a part or a segment stands behind the last discontinuity. */
const goesOn = (playlist: string): boolean =>
  /#EXT-X-PART:|\.m4s/.test(playlist.slice(playlist.lastIndexOf('\n#EXT-X-DISCONTINUITY\n')))

/** Kills the encoder of the smaller renditions, and looks at what becomes of them and of the source. */
export const killEncoder = async (whiply: RunningWhiply, channelId: string): Promise<EncoderKilled> => {
  const playlist = async (file: string): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${whiply.mediaPort}/live/${channelId}/${file}`)
    if (!response.ok) throw new Error(`${file}: ${response.status}`)
    return response.text()
  }
  const both = () => Promise.all([playlist('source.m3u8'), playlist(`${RENDITION}/source.m3u8`)])
  await within('there is a rendition', async () => (await both()).every((text) => /\n\d+\.m4s/.test(text)))
  const [sourceBefore, before] = await both()
  const struckAt = performance.now()
  const encoderRespawnMs = await strike(whiply, 'encoder')
  await within('the rendition goes on', async () => {
    const now = await playlist(`${RENDITION}/source.m3u8`)
    return discontinuities(now) > discontinuities(before) && goesOn(now)
  })
  const renditionResumesMs = performance.now() - struckAt
  const [sourceAfter, after] = await both()
  return {
    encoderRespawnMs,
    renditionResumesMs,
    renditionDiscontinuities: discontinuities(after) - discontinuities(before),
    sourceDiscontinuities: discontinuities(sourceAfter) - discontinuities(sourceBefore),
  }
}
