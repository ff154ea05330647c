/** Beyond every number of a lane. */
export const beyond = Number.MAX_SAFE_INTEGER
