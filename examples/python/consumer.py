"""consumer.py TOPIC GROUP [SINCE]: prints the events of a public topic in JSON, one a line: headers, and value as data.

GROUP goes on where it was. One that is new begins at SINCE (2026-01-31T12:00:00Z), or with the oldest event there is.
"""

import json
import os
import sys
from datetime import datetime

from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer

topic, group, *since = sys.argv[1:]
since_ms = int(datetime.fromisoformat(since[0]).timestamp() * 1000) if since else 0
settings = {
    "bootstrap.servers": os.environ["KAFKA_BROKERS"],
    "group.id": group,
    "session.timeout.ms": 6000,  # A consumer that was killed is replaced after it.
    "isolation.level": "read_committed",
    "auto.offset.reset": "earliest",
    "auto.commit.interval.ms": 1000,
    "enable.auto.offset.store": False,
}
if "KAFKA_USERNAME" in os.environ:
    settings |= {"security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "SCRAM-SHA-512"}
    settings |= {"sasl.username": os.environ["KAFKA_USERNAME"], "sasl.password": os.environ["KAFKA_PASSWORD"]}


def begin(consumer, partitions):
    """What the group has committed nothing of begins at SINCE: at its end as it is now, where nothing is so young."""
    places = consumer.committed(partitions, 10)
    new = [place for place in places if place.offset < 0]
    ends = [consumer.get_watermark_offsets(place, 10)[1] for place in new]
    times = [TopicPartition(place.topic, place.partition, since_ms) for place in new]
    for place, end, found in zip(new, ends, consumer.offsets_for_times(times, 10) if times else []):
        place.offset = end if found.offset < 0 else found.offset
    consumer.assign(places)


decode = AvroDeserializer(SchemaRegistryClient({"url": os.environ["SCHEMA_REGISTRY_URL"]}))
consumer = Consumer(settings)
consumer.subscribe([topic], on_assign=begin)
while True:
    message = consumer.poll(1)
    if message is None:
        continue
    if message.error():
        raise KafkaException(message.error())
    if message.timestamp()[1] < since_ms:
        continue
    event = {name: value.decode() for name, value in message.headers()}
    event["data"] = decode(message.value(), None)
    print(json.dumps(event, default=lambda time: round(time.timestamp() * 1000)), flush=True)
    # Committed within a second: what was not yet when it crashed comes again.
    consumer.store_offsets(message)
