/** A text that is no Avro schema; the message says what is wrong and where. */
export class AvroSchemaError extends Error {
  override readonly name = 'AvroSchemaError'
  readonly code = 'avro.invalid_schema'
}

/** Two schemas that take more comparing than is done for anybody. */
export class AvroTooComplex extends Error {
  override readonly name = 'AvroTooComplex'
  readonly code = 'avro.too_complex'
}
