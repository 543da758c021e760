package dev.askonce.optimizer.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Json;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names a request so that two have one name if and only if they are of one tenant, go to one URL
 * and say the same in every field, in whatever order: the first 128 bits of a SHA-256.
 */
record RequestKey(long high, long low) {
  private static final ObjectWriter SORTED =
      Json.MAPPER.writer().with(JsonNodeFeature.WRITE_PROPERTIES_SORTED);

  static RequestKey of(ChatRequest request, CallContext context) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      // A call without a tenant shares with nobody but its like.
      add(digest, context.tenant().map(name -> "t" + name).orElse(""));
      add(digest, context.url());
      digest.update(SORTED.writeValueAsBytes(request.json()));
      ByteBuffer hash = ByteBuffer.wrap(digest.digest());
      return new RequestKey(hash.getLong(), hash.getLong());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
  }

  static RequestKey parse(String hex) {
    return new RequestKey(
        HexFormat.fromHexDigitsToLong(hex, 0, 16), HexFormat.fromHexDigitsToLong(hex, 16, 32));
  }

  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }
}
