package dev.askonce.fuzz;

import dev.askonce.bench.crash.EventTarget;
import dev.askonce.bench.data.VectorFileTarget;
import dev.askonce.engine.internal.cache.OperationsTarget;
import dev.askonce.engine.internal.cache.StoreTarget;
import dev.askonce.engine.internal.index.GraphTablesTarget;
import dev.askonce.engine.internal.index.GraphWalkTarget;
import dev.askonce.engine.internal.store.ChronicleHeaderTarget;
import dev.askonce.engine.internal.store.FeedbackTarget;
import dev.askonce.engine.internal.store.SealedFrameTarget;
import dev.askonce.engine.internal.store.SecretTarget;
import dev.askonce.engine.internal.store.SlotRecordTarget;
import dev.askonce.engine.internal.store.SuperblockTarget;
import dev.askonce.engine.internal.store.TenantKeysTarget;
import dev.askonce.engine.spi.FrameTarget;
import dev.askonce.optimizer.cache.ReplyTarget;
import dev.askonce.optimizer.cache.RequestTarget;
import dev.askonce.optimizer.chat.EventsTarget;
import dev.askonce.optimizer.compress.lossless.DuplicatesTarget;
import dev.askonce.optimizer.compress.lossless.MinifierTarget;
import dev.askonce.optimizer.cost.PricesTarget;
import dev.askonce.optimizer.ledger.LoggedCallTarget;
import dev.askonce.optimizer.route.RouterModelTarget;
import dev.askonce.redis.internal.log.LogTarget;
import dev.askonce.redis.internal.server.ServerReplyTarget;
import dev.askonce.text.TokenizerFileTarget;
import dev.askonce.text.TokensTarget;
import dev.askonce.text.english.GuardsTarget;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All targets by name. */
public final class Targets {
  /** Makes a target, which may keep files in memory for the life of the process. */
  private interface Maker {
    Target make() throws IOException;
  }

  private static final Map<String, Maker> MAKERS = new LinkedHashMap<>();

  static {
    MAKERS.put("superblock", SuperblockTarget::new);
    MAKERS.put("secret", SecretTarget::new);
    MAKERS.put("keys", TenantKeysTarget::new);
    MAKERS.put("feedback", FeedbackTarget::new);
    MAKERS.put("log", LogTarget::new);
    MAKERS.put("server-reply", ServerReplyTarget::new);
    MAKERS.put("record", SlotRecordTarget::new);
    MAKERS.put("chronicle", ChronicleHeaderTarget::new);
    MAKERS.put("frame", FrameTarget::new);
    MAKERS.put("sealed-frame", SealedFrameTarget::new);
    MAKERS.put("graph-tables", GraphTablesTarget::new);
    MAKERS.put("graph-walk", GraphWalkTarget::new);
    MAKERS.put("store", StoreTarget::new);
    MAKERS.put("operations", OperationsTarget::new);
    MAKERS.put("request", RequestTarget::new);
    MAKERS.put("reply", ReplyTarget::new);
    MAKERS.put("events", EventsTarget::new);
    MAKERS.put("prices", PricesTarget::new);
    MAKERS.put("logged-call", LoggedCallTarget::new);
    MAKERS.put("router-model", RouterModelTarget::new);
    MAKERS.put("minifier", MinifierTarget::new);
    MAKERS.put("duplicates", DuplicatesTarget::new);
    MAKERS.put("tokenizer-file", TokenizerFileTarget::new);
    MAKERS.put("tokens", TokensTarget::new);
    MAKERS.put("guards", GuardsTarget::new);
    MAKERS.put("oracle-log", EventTarget::new);
    MAKERS.put("vector-file", VectorFileTarget::new);
  }

  private Targets() {}

  /** {@return the names, in the order in which they are run} */
  public static List<String> names() {
    return List.copyOf(MAKERS.keySet());
  }

  /** {@return whether there is such a target} */
  public static boolean isKnown(String name) {
    return MAKERS.containsKey(name) || ownClass(name).isPresent();
  }

  /** {@return the target of a name, or of a class of the caller's} */
  public static Target make(String name) throws IOException {
    Maker maker = MAKERS.get(name);
    if (maker != null) {
      return maker.make();
    }
    try {
      return ownClass(name).orElseThrow().getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IOException(name + " has no public constructor without parameters that ends", e);
    }
  }

  private static Optional<Class<? extends Target>> ownClass(String name) {
    try {
      return Optional.of(Class.forName(name).asSubclass(Target.class));
    } catch (ClassNotFoundException | ClassCastException e) {
      return Optional.empty();
    }
  }
}
