/** Plays, silent where the browser wants a gesture for what makes a sound: `sound` is the button that takes it. */
export const begin = ({ video, sound }) =>
  video.play().catch((error) => {
    if (error.name !== 'NotAllowedError') return undefined
    video.muted = true
    sound.hidden = false
    return video.play().catch(() => {})
  })
