package dev.askonce.optimizer;

import dev.askonce.optimizer.chat.ChatEvent;
import dev.askonce.optimizer.chat.ChatRequest;
import dev.askonce.optimizer.chat.ChatStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Requests and replies as they look on the wire, for tests. */
public final class Wire {
  public static final String URL = "https://api.example/v1/chat/completions";

  private Wire() {}

  /** {@return the request with this JSON, single quotes standing for double ones} */
  public static ChatRequest request(String json) {
    return ChatRequest.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  /** {@return a request of gpt-4o with one user message and further fields} */
  public static ChatRequest ask(String text, String... fields) {
    String more = fields.length == 0 ? "" : "," + String.join(",", fields);
    return request(
        "{'model':'gpt-4o','messages':[{'role':'user','content':'" + text + "'}]" + more + "}");
  }

  public static String completion(String content) {
    return completion(content, "stop");
  }

  public static String completion(String content, String finishReason) {
    return ("{'id':'c1','object':'chat.completion','created':7,'model':'gpt-4o-2024-08-06','choices':"
            + "[{'index':0,'message':{'role':'assistant','content':'"
            + content
            + "','refusal':null},"
            + "'logprobs':null,'finish_reason':'"
            + finishReason
            + "'}],'usage':{'prompt_tokens':1000,"
            + "'completion_tokens':200,'total_tokens':1200}}")
        .replace('\'', '"');
  }

  /** {@return a stream of these pieces without usage} */
  public static String stream(String... pieces) {
    StringBuilder out = new StringBuilder(chunk("{'role':'assistant','content':''}", "null"));
    for (String piece : pieces) {
      out.append(chunk("{'content':'" + piece + "'}", "null"));
    }
    return out + chunk("{}", "'stop'") + "data: [DONE]\n\n";
  }

  public static String chunk(String delta, String finishReason) {
    return ("data: {'id':'s1','object':'chat.completion.chunk','created':7,'model':'gpt-4o',"
            + "'choices':[{'index':0,'delta':"
            + delta
            + ",'finish_reason':"
            + finishReason
            + "}]}\n\n")
        .replace('\'', '"');
  }

  public static String usageChunk(int input, int output) {
    return ("data: {'id':'s1','object':'chat.completion.chunk','created':7,'model':'gpt-4o',"
            + "'choices':[],'usage':{'prompt_tokens':"
            + input
            + ",'completion_tokens':"
            + output
            + ",'total_tokens':"
            + (input + output)
            + "}}\n\n")
        .replace('\'', '"');
  }

  /** {@return all bytes of a stream, which is closed} */
  public static String drain(ChatStream stream) throws IOException {
    try (stream) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (ChatEvent event = stream.next(); event != null; event = stream.next()) {
        out.writeBytes(event.bytes());
      }
      return out.toString(StandardCharsets.UTF_8);
    }
  }
}
