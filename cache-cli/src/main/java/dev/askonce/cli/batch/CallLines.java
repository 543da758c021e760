package dev.askonce.cli.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.askonce.bench.data.InputException;
import dev.askonce.bench.data.InputFile;
import dev.askonce.optimizer.batch.BatchCall;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The calls of a file: a chat request a line, alone, or as the {@code body} of a line of the Batch
 * API, or as the {@code request} of a request log. Without a {@code custom_id}, a line's number is
 * its name. Compressed with gzip where the file's name ends with {@code .gz}.
 */
final class CallLines implements Iterator<BatchCall>, AutoCloseable {
  private final Path file;
  private final CallContext context;
  private final BufferedReader lines;
  private int number;
  private BatchCall call;

  CallLines(Path file, CallContext context) throws IOException {
    this.file = file;
    this.context = context;
    lines =
        new BufferedReader(
            new InputStreamReader(
                InputFile.open(file),
                StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)));
  }

  @Override
  public boolean hasNext() {
    try {
      while (call == null) {
        String line = lines.readLine();
        number++;
        if (line == null) {
          return false;
        }
        call = line.isBlank() ? null : call(line);
      }
      return true;
    } catch (CharacterCodingException e) {
      throw new InputException(file + " is not UTF-8");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public BatchCall next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    BatchCall next = call;
    call = null;
    return next;
  }

  /** {@return the call of a line; null for a line of a request log that is of another endpoint} */
  private BatchCall call(String text) {
    String where = file + ", line " + number;
    ChatRequest whole = parse(text.getBytes(StandardCharsets.UTF_8), where);
    if (whole.json().path("api").isTextual() && whole.json().has("request")) {
      return null;
    }
    JsonNode inner = whole.json().path("body");
    JsonNode request = inner.isObject() ? inner : whole.json().path("request");
    ChatRequest chat = request.isObject() ? parse(bytes(request), where) : whole;
    InputException.require(
        !chat.model().isEmpty() && !chat.messages().isEmpty(),
        where + ": neither a chat request nor {custom_id, body}: no model or no messages");
    InputException.require(!chat.stream(), where + ": \"stream\" is true, which no batch can do");
    String id = whole.json().path("custom_id").asText("line-" + number);
    return new BatchCall(id, chat, context);
  }

  private static byte[] bytes(JsonNode request) {
    try {
      return Json.MAPPER.writeValueAsBytes(request);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ChatRequest parse(byte[] body, String where) {
    try {
      return ChatRequest.parse(body);
    } catch (ChatException.MalformedRequest e) {
      throw new InputException(where + ": " + e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
