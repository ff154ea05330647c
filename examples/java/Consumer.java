import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.*;
import java.util.*;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

// Consumer TOPIC GROUP [SINCE] prints the events of a public topic in JSON, one a line: headers, and value as data.
//
// GROUP goes on where it was. One that is new begins at SINCE (2026-01-31T12:00:00Z), or with the oldest event there is.
class Consumer {
  public static void main(String[] args) throws Exception {
    var env = System.getenv();
    var settings = new HashMap<String, Object>(Map.of(
        "bootstrap.servers", env.get("KAFKA_BROKERS"), "group.id", args[1], "session.timeout.ms", 6000,
        "isolation.level", "read_committed", "auto.offset.reset", "earliest", "auto.commit.interval.ms", 1000));
    if (env.containsKey("KAFKA_USERNAME")) settings.putAll(Map.of(
        "security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "SCRAM-SHA-512", "sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
            .formatted(env.get("KAFKA_USERNAME"), env.get("KAFKA_PASSWORD"))));
    var since = args.length > 2 ? Instant.parse(args[2]).toEpochMilli() : 0;
    var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.subscribe(List.of(args[0]), new ConsumerRebalanceListener() {
      public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}
      public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        consumer.committed(Set.copyOf(partitions)).forEach((partition, committed) -> {
          if (committed != null) return;
          long end = consumer.endOffsets(Set.of(partition)).get(partition);
          var found = consumer.offsetsForTimes(Map.of(partition, since)).get(partition);
          consumer.seek(partition, found == null ? end : found.offset());
        });
      }
    });
    var json = new ObjectMapper();
    var out = new PrintStream(System.out, true, "UTF-8");
    var schemas = new HashMap<Integer, Schema>();
    // What a poll has brought is committed after the next one: what was not yet when it crashed comes again.
    while (true) {
      for (var record : consumer.poll(Duration.ofSeconds(1))) {
        if (record.timestamp() < since) continue;
        var event = json.createObjectNode();
        for (var header : record.headers()) event.put(header.key(), new String(header.value(), "UTF-8"));
        // A zero byte, the schema's id, Avro.
        var id = ByteBuffer.wrap(record.value()).getInt(1);
        var url = URI.create(env.get("SCHEMA_REGISTRY_URL") + "/schemas/ids/" + id).toURL();
        if (!schemas.containsKey(id)) schemas.put(id, new Schema.Parser().parse(json.readTree(url).get("schema").asText()));
        var body = DecoderFactory.get().binaryDecoder(record.value(), 5, record.value().length - 5, null);
        event.set("data", json.readTree(new GenericDatumReader<>(schemas.get(id)).read(null, body).toString()));
        out.println(event);
      }
    }
  }
}
