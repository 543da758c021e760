package dev.askonce.optimizer.chat;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

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
 * @param waitMax the longest that this call may wait for another's answer, where that is less than
 *     the cache lever's own limit
 */
public record CallContext(
    Optional<String> tenant,
    String url,
    String endpoint,
    String principal,
    boolean cached,
    Optional<Duration> waitMax) {
  /** The endpoint of calls that name none. */
  public static final String ENDPOINT_DEFAULT = "default";

  public CallContext {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(principal, "principal");
    Objects.requireNonNull(waitMax, "waitMax");
  }

  /** {@return the context of a tenant's call to {@code url}, with defaults for the rest} */
  public static CallContext of(String tenant, String url) {
    return new CallContext(Optional.of(tenant), url, ENDPOINT_DEFAULT, "", true, Optional.empty());
  }

  public CallContext tenant(String name) {
    return new CallContext(Optional.of(name), url, endpoint, principal, cached, waitMax);
  }

  public CallContext endpoint(String tag) {
    return new CallContext(tenant, url, tag, principal, cached, waitMax);
  }

  public CallContext principal(String name) {
    return new CallContext(tenant, url, endpoint, name, cached, waitMax);
  }

  public CallContext cached(boolean allowed) {
    return new CallContext(tenant, url, endpoint, principal, allowed, waitMax);
  }

  public CallContext waitMax(Duration time) {
    return new CallContext(tenant, url, endpoint, principal, cached, Optional.of(time));
  }
}
