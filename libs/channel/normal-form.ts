const spaces = /\s+/gu

/** A text as texts are compared: NFC, without case, spaces and what surrounds it. It is never shown. */
export const normalForm = (text: string): string => text.normalize('NFC').toLowerCase().replace(spaces, ' ').trim()
