const SVG = 'http://www.w3.org/2000/svg'

/** How many modules stay free around a code (ISO/IEC 18004, section 6.3.8). */
const QUIET = 4

/** Draws text as a QR code into an `svg`: for a phone that looks at this screen. */
export const drawQr = async (svg, text) => {
  const { encodeQR } = await import('/vendor/qr.js')
  const rows = encodeQR(text, 'raw', { border: QUIET })
  const path = document.createElementNS(SVG, 'path')
  const squares = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
  path.setAttribute('d', squares.join(''))
  svg.setAttribute('viewBox', `0 0 ${rows.length} ${rows.length}`)
  svg.replaceChildren(path)
}
