/** Numbers of Postgres' bigint come as text; whiply's stay below 2^53. */
export type Bigint = string

export type Selected<View, Numbers extends keyof View> = Omit<View, Numbers> & Readonly<Record<Numbers, Bigint>>

/** Beyond every number of a lane. */
export const beyond = Number.MAX_SAFE_INTEGER

export const numberOr = (value: Bigint | null): number | null => (value === null ? null : Number(value))
