const decimal = /^[1-9][0-9]{0,15}$/

/** Whether a text is the id of an account or a channel: a decimal string below 2^53. */
export const isNumericId = (text: string): boolean => decimal.test(text) && Number(text) <= Number.MAX_SAFE_INTEGER

/** Who sends a command: a person by the id of their account, or a part of the platform. */
export const isPerson = (principal: string): boolean => isNumericId(principal)

export const system = 'system'

/** The principal of a process manager; the owner's clock is the manager `clock`. */
export const managerPrincipal = (name: string): string => `manager/${name}`
