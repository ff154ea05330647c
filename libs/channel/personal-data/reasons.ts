/** Why a column is in no archive. */
export const own = 'the person’s own'
export const ofTheModel = 'a number of the read model, of nobody'
export const moderatorsAlone = 'for the moderators alone'
