package dev.askonce.optimizer.chat;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is known about a call beside its request.
 *
 * @param tenant whose call it is; without a tenant nothing is cached
 * @param url where the request goes, without its query: another provider or deployment is another
 *     scope
 * @param endpoint the service's name for the place that calls, such as {@code faq}; a key of the
 *     ledger, so choose few
 * @param principal who is answerable for what this call stores; may be empty
 * @param cached whether the cache may be used for this call
 * @param ttl how long the answer may be kept, at most the cache lever's limit; the cache's own
 *     default where it is empty
 * @param waitMax the longest that this call may wait for another's answer, where that is less than
 *     the cache lever's own limit
 * @param interactive whether somebody waits; what nobody waits for may be batched
 * @param tier the tier that the caller insists on, if any
 * @param task what kind of work it is, if the caller says
 * @param effects where levers note what they did; each call has its own
 */
public record CallContext(
    Optional<String> tenant,
    String url,
    String endpoint,
    String principal,
    boolean cached,
    Optional<Duration> ttl,
    Optional<Duration> waitMax,
    boolean interactive,
    Optional<Tier> tier,
    Optional<Task> task,
    Effects effects) {
  /** The endpoint of calls that name none. */
  public static final String ENDPOINT_DEFAULT = "default";

  public CallContext {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(principal, "principal");
    Objects.requireNonNull(ttl, "ttl");
    Objects.requireNonNull(waitMax, "waitMax");
    Objects.requireNonNull(tier, "tier");
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(effects, "effects");
  }

  /** {@return the context of a tenant's call to {@code url}, with defaults for the rest} */
  public static CallContext of(String tenant, String url) {
    return to(url).tenant(tenant);
  }

  /** {@return the context of a call to {@code url} without a tenant, with defaults for the rest} */
  public static CallContext to(String url) {
    return new CallContext(
        Optional.empty(),
        url,
        ENDPOINT_DEFAULT,
        "",
        true,
        Optional.empty(),
        Optional.empty(),
        true,
        Optional.empty(),
        Optional.empty(),
        new Effects());
  }

  public CallContext tenant(String name) {
    return with(fields -> fields.tenant = Optional.of(name));
  }

  public CallContext endpoint(String tag) {
    return with(fields -> fields.endpoint = tag);
  }

  public CallContext principal(String name) {
    return with(fields -> fields.principal = name);
  }

  public CallContext cached(boolean allowed) {
    return with(fields -> fields.cached = allowed);
  }

  /**
   * {@return this context with a limit on how long the answer is kept}
   *
   * @throws ChatException.InvalidSetting if it is under a millisecond; to keep nothing, say {@code
   *     cached(false)}
   */
  public CallContext ttl(Duration time) {
    if (time.toMillis() < 1) {
      throw new ChatException.InvalidSetting(
          "ttl " + time + " is under a millisecond; to keep nothing, say cached(false)");
    }
    return with(fields -> fields.ttl = Optional.of(time));
  }

  public CallContext waitMax(Duration time) {
    return with(fields -> fields.waitMax = Optional.of(time));
  }

  public CallContext interactive(boolean value) {
    return with(fields -> fields.interactive = value);
  }

  public CallContext tier(Tier value) {
    return with(fields -> fields.tier = Optional.of(value));
  }

  public CallContext task(Task value) {
    return with(fields -> fields.task = Optional.of(value));
  }

  /** {@return this context for another call: the same, but with nothing noted yet} */
  public CallContext fresh() {
    return with(fields -> fields.effects = new Effects());
  }

  private CallContext with(Consumer<Fields> change) {
    Fields fields = new Fields(this);
    change.accept(fields);
    return fields.context();
  }

  /** A context that is being changed. */
  private static final class Fields {
    private Optional<String> tenant;
    private final String url;
    private String endpoint;
    private String principal;
    private boolean cached;
    private Optional<Duration> ttl;
    private Optional<Duration> waitMax;
    private boolean interactive;
    private Optional<Tier> tier;
    private Optional<Task> task;
    private Effects effects;

    Fields(CallContext from) {
      tenant = from.tenant;
      url = from.url;
      endpoint = from.endpoint;
      principal = from.principal;
      cached = from.cached;
      ttl = from.ttl;
      waitMax = from.waitMax;
      interactive = from.interactive;
      tier = from.tier;
      task = from.task;
      effects = from.effects;
    }

    CallContext context() {
      return new CallContext(
          tenant, url, endpoint, principal, cached, ttl, waitMax, interactive, tier, task, effects);
    }
  }
}
