"""confluent.py URL TOPIC SCHEMA BROKEN RECORD: what an integrator's service in Python does with the registry.

Registers SCHEMA for the values of TOPIC, reads it back, asks whether it and BROKEN may follow it, and writes and reads
RECORD. Prints one JSON object.
"""

import json
import sys

from confluent_kafka.schema_registry import Schema, SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.serialization import MessageField, SerializationContext

url, topic, schema, broken, record = sys.argv[1:]
subject = f"{topic}-value"
client = SchemaRegistryClient({"url": url})

id_of_schema = client.register_schema(subject, Schema(schema, "AVRO"))
latest = client.get_latest_version(subject)
found = client.lookup_schema(subject, Schema(schema, "AVRO"))
client.set_compatibility(subject, "FULL_TRANSITIVE")


def refusal() -> int:
    try:
        client.register_schema(subject, Schema(broken, "AVRO"))
    except SchemaRegistryError as error:
        return error.error_code
    return 0


context = SerializationContext(topic, MessageField.VALUE)
written = AvroSerializer(client, schema)(json.loads(record), context)

# A client of its own, so that nothing is known from writing.
reader = AvroDeserializer(SchemaRegistryClient({"url": url}))

print(
    json.dumps(
        {
            "id": id_of_schema,
            "version": latest.version,
            "text": latest.schema.schema_str,
            "found": found.schema_id,
            "level": client.get_compatibility(subject),
            "subjects": client.get_subjects(),
            "compatible": client.test_compatibility(subject, Schema(schema, "AVRO")),
            "broken": client.test_compatibility(subject, Schema(broken, "AVRO")),
            "refusal": refusal(),
            "written": written.hex(),
            "read": reader(written, context),
        }
    )
)
