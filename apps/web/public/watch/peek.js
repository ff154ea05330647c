import { behindWords, placeWords } from './words.js'

/** So long it stays where no pointer holds it. */
const SHOWN_MS = 1_500
/** The knob of the bar does not leave it at either end: of its width half is lost at each. */
const KNOB = 16

/**
 * Tells what lies at a place of the bar of time before anybody goes there: its time, and a picture of it where there is
 * one. Shown above the bar, `seek`, under a pointer, and for a moment where keys go.
 */
export const createPeek = ({ video, seek, timeline, session }) => {
  const [peek, picture, time] = ['div', 'div', 'span'].map((tag) => document.createElement(tag))
  peek.className = 'peek'
  peek.hidden = true
  // Who hears the page is told the value of the bar itself.
  peek.setAttribute('aria-hidden', 'true')
  peek.append(picture, time)
  seek.before(peek)
  let fading
  let asked

  const hide = () => {
    clearTimeout(fading)
    asked = undefined
    peek.hidden = true
  }

  const showPicture = (found) => {
    picture.hidden = !found
    if (!found) return
    const { sheet, x, y, width, height } = found
    Object.assign(picture.style, {
      width: `${width}px`,
      height: `${height}px`,
      backgroundImage: `url("${sheet}")`,
      backgroundPosition: `-${x}px -${y}px`,
    })
  }

  /** Behind the live edge or the end, in seconds. */
  const show = async (behind) => {
    const reach = timeline.reach()
    if (!session() || reach === 0) return
    const mine = {}
    asked = mine
    const { isRecorded, isLiveToo, storyboard } = session()
    const at = Math.max(0, (video.duration || 0) - behind)
    const isAlone = isRecorded && !isLiveToo
    time.textContent = isAlone ? placeWords(at) : behindWords(behind)
    peek.style.setProperty('--at', String(1 - Math.min(1, behind / reach)))
    peek.hidden = false
    const found = isAlone ? await storyboard?.at(at) : undefined
    if (asked === mine) showPicture(found)
  }

  const showForAMoment = (behind) => {
    clearTimeout(fading)
    fading = setTimeout(hide, SHOWN_MS)
    show(behind)
  }

  seek.addEventListener('pointermove', ({ clientX }) => {
    clearTimeout(fading)
    const { left, width } = seek.getBoundingClientRect()
    const share = (clientX - left - KNOB / 2) / Math.max(1, width - KNOB)
    show((1 - Math.min(1, Math.max(0, share))) * timeline.reach())
  })
  seek.addEventListener('pointerleave', hide)
  seek.addEventListener('blur', hide)
  return { showForAMoment }
}
