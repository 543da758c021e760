package dev.askonce.bench.diskfull;

/** The cases, in the order in which they run. */
enum FaultCase {
  /** The disk fills up, is full for a while, and has room again. */
  DISK_FULL(DiskFullCase::run),
  READ_ONLY(ReadOnlyCase::run),
  MISSING_FILE(trial -> FileCase.run(trial, FileFault.MISSING)),
  DIRECTORY_FOR_FILE(trial -> FileCase.run(trial, FileFault.DIRECTORY)),
  SYMLINK_FOR_FILE(trial -> FileCase.run(trial, FileFault.SYMLINK)),
  DANGLING_SYMLINK(trial -> FileCase.run(trial, FileFault.DANGLING_SYMLINK)),
  EMPTY_FILE(trial -> FileCase.run(trial, FileFault.EMPTY)),
  HALF_FILE(trial -> FileCase.run(trial, FileFault.HALF)),
  BYTE_SHORT(trial -> FileCase.run(trial, FileFault.BYTE_SHORT)),
  TWO_OPENERS(OpenersCase::run),
  /** Thousands of virtual threads that look up and put at once. */
  CROWD(CrowdCase::run);

  /** What a case does. */
  interface Body {
    void run(Trial trial) throws Exception;
  }

  private final Body body;

  FaultCase(Body body) {
    this.body = body;
  }

  void run(Trial trial) throws Exception {
    body.run(trial);
  }
}
