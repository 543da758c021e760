package dev.askonce.engine.internal.base;

import java.io.IOException;

/** A file that is not as it was left: unlike other trouble of the disk, trying again is no use. */
public final class DamagedFileException extends IOException {
  private static final long serialVersionUID = 1L;

  public DamagedFileException(String message) {
    super(message);
  }
}
