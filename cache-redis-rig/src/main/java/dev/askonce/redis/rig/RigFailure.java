package dev.askonce.redis.rig;

/** Servers that do not do what was asked of them: the rig's failure, not that of what is tested. */
public final class RigFailure extends AssertionError {
  private static final long serialVersionUID = 1;

  public RigFailure(String what) {
    super(what);
  }

  RigFailure(String what, Throwable cause) {
    super(what, cause);
  }
}
