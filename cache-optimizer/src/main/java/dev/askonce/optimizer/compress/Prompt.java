package dev.askonce.optimizer.compress;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.compress.PrefixTracker.Shared;
import dev.askonce.optimizer.compress.lossless.Duplicates;
import dev.askonce.optimizer.compress.lossless.Minifier;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** One request on its way through the lever: message by message, first to last. */
final class Prompt {
  /** Shorter texts are minified anew each time, which is faster than to remember them. */
  private static final int REMEMBERED_CHARS_MIN = 500;

  private static final int TYPE_AND_TEXT = 2;

  private static final String CACHE_KEY = "prompt_cache_key";
  private static final String CACHE_KEY_PREFIX = "askonce-";
  private static final String OPENAI = "https://api.openai.com/";
  private static final Minifier MINIFIER = Minifier.create();

  /**
   * @param tokensSaved below zero never, but for a compressor that makes texts longer
   */
  record Result(ChatRequest request, long tokensSaved) {}

  private final ChatRequest request;
  private final CompressSettings settings;
  private final ToLongFunction<String> tokens;
  private final Remembered remembered;
  private final Duplicates duplicates = Duplicates.exact();
  private long saved;

  Prompt(
      ChatRequest request,
      CompressSettings settings,
      ToLongFunction<String> tokens,
      Remembered remembered) {
    this.request = request;
    this.settings = settings;
    this.tokens = tokens;
    this.remembered = remembered;
  }

  /**
   * {@return the request as it is to be sent; the same object where nothing changes}
   *
   * @param tracker says what the text of the whole prompt shares with recent ones
   * @param arithmetic of the model, where its price is known
   */
  Result compressed(
      Function<String, Shared> tracker,
      Optional<PrefixArithmetic> arithmetic,
      CallContext context) {
    Shared shared = tracker.apply(text(request.messages()));
    Material material =
        new Material(context.endpoint(), settings, tokens, remembered, shared, arithmetic);
    ArrayNode messages = request.messages().arrayNode();
    boolean changed = false;
    int place = 0;
    for (JsonNode message : request.messages()) {
      JsonNode form = message(message, material, place);
      changed |= form != message;
      messages.add(form);
      place += text(message).length();
    }
    ChatRequest result = changed ? request.with("messages", messages) : request;
    if (wantsCacheKey(context)) {
      result = result.with(CACHE_KEY, TextNode.valueOf(cacheKey(context, messages)));
    }
    return new Result(result, saved + material.saved());
  }

  private JsonNode message(JsonNode message, Material material, int place) {
    JsonNode content = message.path("content");
    String role = message.path("role").asText();
    if (role.equals("assistant") || !(message instanceof ObjectNode object)) {
      return message;
    }
    JsonNode form = content;
    if (content.isTextual()) {
      String text = content.textValue();
      String shorter = role.equals("user") ? material.within(text, place) : text;
      form = form(content, lossless(shorter, role, true));
    } else if (content instanceof ArrayNode parts && isText(parts)) {
      form = parts(parts, role, material, place);
    }
    if (form == content) {
      return message;
    }
    ObjectNode changed = object.objectNode().setAll(object);
    return changed.set("content", form);
  }

  private JsonNode parts(ArrayNode parts, String role, Material material, int place) {
    ArrayNode changed = parts.arrayNode();
    boolean any = false;
    int last = parts.size() - 1;
    String question = parts.get(last).get("text").textValue();
    int start = place;
    for (int i = 0; i <= last; i++) {
      ObjectNode part = (ObjectNode) parts.get(i);
      String text = part.get("text").textValue();
      String shorter = text;
      if (role.equals("user")) {
        shorter = i < last ? material.shorter(question, text, start) : material.within(text, start);
      }
      JsonNode form = form(part.get("text"), lossless(shorter, role, i == last));
      if (form.textValue().isEmpty() && part.size() == TYPE_AND_TEXT) {
        any = true; // all of it was there before; some providers refuse a part without a text
      } else if (form == part.get("text") || form.textValue().isEmpty()) {
        changed.add(part);
      } else {
        ObjectNode copy = part.objectNode().setAll(part);
        changed.add(copy.set("text", form));
        any = true;
      }
      start += text.length();
    }
    return any ? changed : parts;
  }

  private static JsonNode form(JsonNode before, String after) {
    return before.textValue().equals(after) ? before : TextNode.valueOf(after);
  }

  private String lossless(String text, String role, boolean asks) {
    boolean system = role.equals("system") || role.equals("developer");
    String form = tight(text, system && settings.volatileLast());
    if (system || !settings.duplicates()) {
      return form;
    }
    String once = duplicates.without(form, asks);
    saved += saved(form, once);
    return once;
  }

  /** A system prompt comes again and again: to count its tokens would cost more than all else. */
  private String tight(String text, boolean volatileLast) {
    if (text.length() < REMEMBERED_CHARS_MIN) {
      String form = tightened(text, volatileLast);
      saved += saved(text, form);
      return form;
    }
    String kind = "tight for " + request.model() + volatileLast + settings.lossless();
    Remembered.Key key = new Remembered.Key(kind, text);
    Remembered.Form form = remembered.form(key).orElse(null);
    if (form == null) {
      String after = tightened(text, volatileLast);
      form = new Remembered.Form(after, saved(text, after));
      remembered.put(key, form);
    }
    saved += form.saved();
    return form.text();
  }

  private String tightened(String text, boolean volatileLast) {
    String form = volatileLast ? PrefixLayout.volatileLast(text) : text;
    return settings.lossless() ? MINIFIER.minify(form, tokens) : form;
  }

  private long saved(String before, String after) {
    return before.equals(after) ? 0 : tokens.applyAsLong(before) - tokens.applyAsLong(after);
  }

  private boolean wantsCacheKey(CallContext context) {
    return !request.json().has(CACHE_KEY)
        && switch (settings.cacheKey()) {
          case ALWAYS -> true;
          case NEVER -> false;
          case OPENAI -> context.url().startsWith(OPENAI);
        };
  }

  /** Requests of one endpoint with one first message go to one place of the provider's cache. */
  private static String cacheKey(CallContext context, ArrayNode messages) {
    long hash = context.tenant().orElse("").hashCode();
    hash = 31 * hash + context.endpoint().hashCode();
    String first = messages.isEmpty() ? "" : text(messages.get(0));
    // Two texts with one hash share that place and nothing else.
    hash = (hash << Integer.SIZE) + hash + first.hashCode();
    return CACHE_KEY_PREFIX + Long.toHexString(hash);
  }

  private static boolean isText(ArrayNode parts) {
    for (JsonNode part : parts) {
      if (!"text".equals(part.path("type").textValue()) || !part.path("text").isTextual()) {
        return false;
      }
    }
    return !parts.isEmpty();
  }

  private static String text(ArrayNode messages) {
    StringBuilder out = new StringBuilder();
    for (JsonNode message : messages) {
      String text = text(message);
      out.ensureCapacity(out.length() + text.length());
      out.append(text);
    }
    return out.toString();
  }

  /** {@return all text of a message, a length for each part that its place can be told by} */
  private static String text(JsonNode message) {
    JsonNode content = message.path("content");
    if (content.isTextual()) {
      return content.textValue();
    }
    StringBuilder out = new StringBuilder();
    for (JsonNode part : content) {
      out.append(part.path("text").asText(""));
    }
    return out.toString();
  }
}
