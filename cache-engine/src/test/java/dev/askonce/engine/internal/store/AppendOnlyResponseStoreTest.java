package dev.askonce.engine.internal.store;

import java.io.IOException;
import java.nio.file.Path;

class AppendOnlyResponseStoreTest extends ResponseStoreContract {
  @Override
  ResponseStore open(Path directory, boolean clean) throws IOException {
    return new AppendOnlyResponseStore(directory, FRAME_BYTES_MAX);
  }
}
