/**
 * Why something about an integrator was refused.
 *
 * - `integrator.name_invalid`: the name cannot be one of an integrator
 * - `integrator.topic_unknown`: there is no public topic of that name
 * - `integrator.unknown`: nobody of that name was added
 * - `integrator.user_exists`: Kafka has a user of that name whom whiply did not add
 * - `integrator.authorizer_missing`: this Kafka asks nobody what he may, so nothing can be withheld
 * - `integrator.not_allowed`: whiply's own user of this Kafka may not manage users and their rights
 * - `integrator.channels_not_enforceable`: a topic can be given as a whole only
 */
export type IntegratorErrorCode =
  | 'integrator.name_invalid'
  | 'integrator.topic_unknown'
  | 'integrator.unknown'
  | 'integrator.user_exists'
  | 'integrator.authorizer_missing'
  | 'integrator.not_allowed'
  | 'integrator.channels_not_enforceable'

/** The message is for the operator, and says what to do. */
export class IntegratorError extends Error {
  override readonly name = 'IntegratorError'
  readonly code: IntegratorErrorCode

  constructor(code: IntegratorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
