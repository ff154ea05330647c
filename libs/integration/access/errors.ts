/**
 * Why something about an integrator was refused.
 *
 * - `integrator.name_invalid`: the name cannot be one of an integrator
 * - `integrator.topic_unknown`: there is no public topic of that name
 * - `integrator.unknown`: nobody of that name was added
 * - `integrator.user_exists`: Kafka has a user of that name whom whiply did not add
 * - `integrator.authorizer_missing`: this Kafka asks nobody what he may, so nothing can be withheld
 * - `integrator.not_allowed`: whiply's own user of this Kafka may not manage users and their rights
 * - `integrator.reads_whole_topics`: it reads what there is of all channels, and is asked to be given some
 * - `integrator.channel_unknown`: there is no such channel
 * - `integrator.too_many`: no more integrators of some channels are taken
 * - `integrator.too_many_channels`: so many are not given one by one
 * - `integrator.leaving`: a revocation has begun and is not done
 */
export type IntegratorErrorCode =
  | 'integrator.name_invalid'
  | 'integrator.topic_unknown'
  | 'integrator.unknown'
  | 'integrator.user_exists'
  | 'integrator.authorizer_missing'
  | 'integrator.not_allowed'
  | 'integrator.reads_whole_topics'
  | 'integrator.channel_unknown'
  | 'integrator.too_many'
  | 'integrator.too_many_channels'
  | 'integrator.leaving'

/** The message is for the operator, and says what to do. */
export class IntegratorError extends Error {
  override readonly name = 'IntegratorError'
  readonly code: IntegratorErrorCode

  constructor(code: IntegratorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
