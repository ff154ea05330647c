/** A connection that is back at once was never missed. */
const TELL_AFTER_MS = 500

/** The line that says whether the page is in touch with the server; `sign` shows it as a light. */
export const createStatus = ({ element, sign }) => {
  let telling

  const tell = (words) => {
    element.textContent = words
    element.hidden = false
  }

  return {
    tell,
    connected: (isConnected) => {
      clearTimeout(telling)
      if (isConnected) element.hidden = true
      else telling = setTimeout(() => tell('Connection lost. Coming back…'), TELL_AFTER_MS)
      sign.classList.toggle('live', isConnected)
    },
  }
}
