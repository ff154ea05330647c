/** Numbers of Postgres' bigint come as text; whiply's stay below 2^53. */
export type Bigint = string

/** A row of which a view is made: these of its numbers come as text. */
export type Selected<View, Numbers extends keyof View> = Omit<View, Numbers> & Readonly<Record<Numbers, Bigint>>

export const numberOr = (value: Bigint | null): number | null => (value === null ? null : Number(value))
