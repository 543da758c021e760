package dev.askonce.optimizer.replay;

import dev.askonce.optimizer.ledger.LoggedCall;

/** Lines of a log, for tests. */
public final class Logged {
  private Logged() {}

  /** {@return a call of gpt-4o of 1,000 tokens in and 200 out} */
  public static LoggedCall call(String at, String text, String answer) {
    return call(at, "faq", "gpt-4o", "{'role':'user','content':'" + text + "'}", answer, 1000, 200);
  }

  /** {@return a call with these messages} Single quotes stand for double ones. */
  public static LoggedCall call(
      String at,
      String endpoint,
      String model,
      String messages,
      String answer,
      int input,
      int output,
      String... fields) {
    String more = fields.length == 0 ? "" : "," + String.join(",", fields);
    return line(
        "{'at':'%s','endpoint':'%s','tenant':'acme','request':{'model':'%s','messages':[%s]%s},%s}"
            .formatted(
                at, endpoint, model, messages, more, response(model, answer, input, output)));
  }

  private static String response(String model, String answer, int input, int output) {
    return ("'response':{'id':'c','model':'%s','choices':[{'index':0,'message':{'role':'assistant',"
            + "'content':'%s'},'finish_reason':'stop'}],'usage':{'prompt_tokens':%d,"
            + "'completion_tokens':%d}}")
        .formatted(model, answer, input, output);
  }

  /** {@return the call of a line, in which single quotes stand for double ones} */
  public static LoggedCall line(String json) {
    return LoggedCall.parse(json.replace('\'', '"'));
  }
}
