package dev.askonce.optimizer.ledger;

import dev.askonce.fuzz.Target;
import dev.askonce.optimizer.audit.Audit;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.cost.Prices;
import dev.askonce.optimizer.task.TaskClassifier;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Lines of a request log: refused without a word of what they say, or a call that is written as it
 * was read, with its texts and without, and that an audit can look at.
 */
public final class LoggedCallTarget implements Target {
  private static final Prices PRICES = Prices.published();
  private static final LogTexts HASHED =
      LogTexts.hashed(
          "a key of the fuzzer's".getBytes(StandardCharsets.UTF_8), (model, text) -> text.length());

  private final TaskClassifier tasks = new TaskClassifier();

  @Override
  public void run(byte[] input) {
    String line = new String(input, StandardCharsets.UTF_8);
    LoggedCall call;
    try {
      call = LoggedCall.parse(line);
    } catch (ChatException.InvalidLog e) {
      return;
    }
    Target.require(LoggedCall.parse(call.toJson()).toJson().equals(call.toJson()), "written anew");
    LoggedCall hashed = HASHED.of(call);
    Target.require(hashed.usage().equals(call.usage()), "hashing changes numbers");
    Target.require(HASHED.of(call).toJson().equals(hashed.toJson()), "hashes differ");
    Audit audit = new Audit(PRICES, "gpt-4o-mini", request -> tasks.classify(request).task());
    audit.add(call);
    audit.add(hashed);
    Target.require(audit.report(true).requests() == 2, "an audit counts calls");
    Target.require(audit.report(false).usdPerDay() >= 0, "an audit earns money");
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(
        seed("{'at':'2025-11-15T12:00:00Z','request':{}}"),
        seed(
            "{'at':'2025-11-15T12:00:00Z','endpoint':'faq','tenant':'acme','interactive':false,"
                + "'latencyMillis':812,'status':200,'request':{'model':'gpt-4o','messages':[{'role':'system','content':'You"
                + " are kind. Be kind.'},{'role':'user','content':'Classify this as spam or not:"
                + " hello'}]},'response':{'model':'gpt-4o-2024-08-06','choices'"
                + ":[{'index':0,'message':{'role':'assistant','content':'no'},'finish_reason':"
                + "'stop'}],'usage':{'prompt_tokens':30,'completion_tokens':2,"
                + "'prompt_tokens_details':{'cached_tokens':10}}}}"),
        seed(
            "{'at':'2199-12-31T23:59:59.999Z','request':{'model':'o3','messages':[{'role':'user','content':[{'type':'text','text':'Extract"
                + " all names'},{'type':'image_url',"
                + "'image_url':{'url':'data:'}}]}],'tools':[{}],'max_tokens':5},'response':{'usage':"
                + "{'input_tokens':1000000000,'cache_read_input_tokens':0,'output_tokens':7}}}"));
  }

  private static byte[] seed(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
