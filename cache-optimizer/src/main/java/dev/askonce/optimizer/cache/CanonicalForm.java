package dev.askonce.optimizer.cache;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Set;

/**
 * Requests as bytes that are equal if and only if the requests are but for what is left out: keys
 * in order, every text and every collection with its length before it, so that nothing inside a
 * value can look like the end of it.
 *
 * <p>Left out are the ignored fields, the question's text, and two spellings: a field of the
 * request that is null counts as absent, and a content of one text part as that text. Numbers are
 * equal if they print alike once read, so 1 and 1.0 differ. Not thread-safe.
 */
final class CanonicalForm {
  /** Stands where the text that similarity is used for was taken out. */
  private static final byte QUESTION = '?';

  /** Texts from here on are copied as a whole where they can be. */
  private static final int LONG_CHARS = 128;

  private byte[] bytes = new byte[1024];
  private int length;

  /**
   * {@return the request without {@code ignored} fields and without the text of {@code question}}
   *
   * @param question the element of {@code messages}, by identity, whose last text is taken out
   */
  static byte[] of(ObjectNode request, Set<String> ignored, ObjectNode question) {
    CanonicalForm form = new CanonicalForm();
    for (String field : sortedFields(request)) {
      JsonNode value = request.get(field);
      // To the API, null and absent are one.
      if (ignored.contains(field) || value.isNull()) {
        continue;
      }
      form.text(field);
      if (field.equals("messages") && value instanceof ArrayNode messages) {
        form.messages(messages, question);
      } else {
        form.value(value);
      }
    }
    return Arrays.copyOf(form.bytes, form.length);
  }

  private void messages(ArrayNode messages, ObjectNode question) {
    header('[', messages.size());
    for (JsonNode message : messages) {
      if (!(message instanceof ObjectNode object)) {
        value(message);
        continue;
      }
      header('{', object.size());
      for (String field : sortedFields(object)) {
        text(field);
        if (field.equals("content")) {
          content(object.get(field), message == question);
        } else {
          value(object.get(field));
        }
      }
    }
  }

  private void content(JsonNode content, boolean isQuestion) {
    JsonNode plain = Question.plain(content);
    if (plain.isTextual()) {
      question(plain, isQuestion);
      return;
    }
    if (!plain.isArray()) {
      value(plain);
      return;
    }
    int last = content.size() - 1;
    header('[', content.size());
    for (int i = 0; i <= last; i++) {
      JsonNode part = content.get(i);
      if (i == last && isQuestion && part instanceof ObjectNode object) {
        header('{', object.size());
        for (String field : sortedFields(object)) {
          text(field);
          question(object.get(field), field.equals("text"));
        }
      } else {
        value(part);
      }
    }
  }

  private void question(JsonNode text, boolean isQuestion) {
    if (isQuestion) {
      put(QUESTION);
    } else {
      value(text);
    }
  }

  private void value(JsonNode node) {
    switch (node.getNodeType()) {
      case OBJECT -> {
        header('{', node.size());
        for (String field : sortedFields((ObjectNode) node)) {
          text(field);
          value(node.get(field));
        }
      }
      case ARRAY -> {
        header('[', node.size());
        for (JsonNode element : node) {
          value(element);
        }
      }
      case STRING -> text(node.textValue());
      case NUMBER -> {
        put((byte) '#');
        text(node.asText());
      }
      case BOOLEAN -> put((byte) (node.booleanValue() ? 'y' : 'n'));
      default -> put((byte) '0');
    }
  }

  private static String[] sortedFields(ObjectNode object) {
    String[] fields = new String[object.size()];
    Iterator<String> names = object.fieldNames();
    for (int i = 0; i < fields.length; i++) {
      fields[i] = names.next();
    }
    Arrays.sort(fields);
    return fields;
  }

  private void header(char type, int count) {
    reserve(5);
    bytes[length++] = (byte) type;
    putInt(count);
  }

  /**
   * Each char alone, in one to three bytes: UTF-8 would write every lone surrogate as a question
   * mark and so make different texts equal.
   */
  private void text(String text) {
    int chars = text.length();
    byte[] ascii = chars < LONG_CHARS ? null : ascii(text);
    reserve(5 + (ascii == null ? 3 * chars : chars));
    bytes[length++] = '"';
    putInt(chars);
    if (ascii != null) {
      System.arraycopy(ascii, 0, bytes, length, chars);
      length += chars;
      return;
    }
    byte[] out = bytes;
    int at = length;
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        out[at++] = (byte) c;
      } else if (c < 0x800) {
        out[at++] = (byte) (0xC0 | c >> 6);
        out[at++] = (byte) (0x80 | c & 0x3F);
      } else {
        out[at++] = (byte) (0xE0 | c >> 12);
        out[at++] = (byte) (0x80 | c >> 6 & 0x3F);
        out[at++] = (byte) (0x80 | c & 0x3F);
      }
    }
    length = at;
  }

  /** {@return the bytes of a text of ASCII alone, or null} Four times as fast as char by char. */
  private static byte[] ascii(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    // Half a surrogate pair is one byte too, a question mark, so that the length does not tell.
    return utf8.length == text.length() && new String(utf8, StandardCharsets.UTF_8).equals(text)
        ? utf8
        : null;
  }

  private void putInt(int value) {
    bytes[length++] = (byte) (value >>> 24);
    bytes[length++] = (byte) (value >>> 16);
    bytes[length++] = (byte) (value >>> 8);
    bytes[length++] = (byte) value;
  }

  private void put(byte b) {
    reserve(1);
    bytes[length++] = b;
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(length, more)));
    }
  }
}
