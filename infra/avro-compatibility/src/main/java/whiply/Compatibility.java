package whiply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/** Reads pairs of schemas from one file, and writes them to another with what SchemaCompatibility says of them. */
public final class Compatibility {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Compatibility() {}

  public static void main(String[] files) throws Exception {
    JsonNode cases = JSON.readTree(new File(files[0]));
    for (JsonNode one : cases) judge((ObjectNode) one);
    JSON.writerWithDefaultPrettyPrinter().writeValue(new File(files[1]), cases);
  }

  private static void judge(ObjectNode one) throws Exception {
    Schema reader = new Schema.Parser().parse(JSON.writeValueAsString(one.get("reader")));
    Schema writer = new Schema.Parser().parse(JSON.writeValueAsString(one.get("writer")));
    try {
      var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getResult();
      one.put("compatible", result.getCompatibility() == SchemaCompatibilityType.COMPATIBLE);
      var types = one.putArray("types");
      for (Incompatibility found : result.getIncompatibilities()) types.add(found.getType().name());
    } catch (AvroRuntimeException refused) {
      one.put("compatible", false);
      one.putArray("types").add("REFUSED");
    }
  }
}
