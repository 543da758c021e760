package dev.askonce.optimizer.route;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatClient;
import dev.askonce.optimizer.chat.ChatException;
import dev.askonce.optimizer.chat.ChatRequest;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Asks routers one after the other and takes the first choice that is sure: cheap ones first, one
 * that asks a model last. The last one's choice counts, sure or not. Immutable.
 */
public final class FirstSureRouter implements Router {
  private static final double SURE_LOW = 0.2;
  private static final double SURE_HIGH = 0.8;

  private final Predicate<Routing> sure;
  private final List<Router> routers;

  /**
   * @param sure says whether a choice is; for a calibrated router, whether its need is far enough
   *     from the threshold
   */
  public FirstSureRouter(Predicate<Routing> sure, List<Router> routers) {
    if (routers.isEmpty()) {
      throw new ChatException.InvalidSetting("there are no routers to ask");
    }
    this.sure = sure;
    this.routers = List.copyOf(routers);
  }

  /** {@return the composition in which a known need of at most 0.2 or at least 0.8 is sure} */
  public static FirstSureRouter of(Router... routers) {
    return new FirstSureRouter(
        choice -> choice.need() <= SURE_LOW || choice.need() >= SURE_HIGH, List.of(routers));
  }

  @Override
  public Routing route(ChatRequest request, CallContext context) {
    return first(router -> router.route(request, context));
  }

  @Override
  public Routing route(ChatRequest request, CallContext context, ChatClient next) {
    return first(router -> router.route(request, context, next));
  }

  private Routing first(Function<Router, Routing> ask) {
    for (Router router : routers.subList(0, routers.size() - 1)) {
      Routing choice = ask.apply(router);
      if (sure.test(choice)) {
        return choice;
      }
    }
    return ask.apply(routers.getLast());
  }
}
