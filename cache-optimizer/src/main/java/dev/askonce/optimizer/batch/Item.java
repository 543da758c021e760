package dev.askonce.optimizer.batch;

/**
 * One request of a job, without its body.
 *
 * @param index place in the job, from 0
 * @param id the caller's name for it
 * @param same index of the first item that asks the same; its own for the first
 * @param tenant empty where the call has none
 * @param offset of its line in the file of items
 * @param length of that line in bytes
 */
record Item(
    int index,
    String id,
    int same,
    String key,
    String model,
    String tenant,
    String url,
    String endpoint,
    long offset,
    int length) {
  private static final String WIRE = "item-";

  boolean isFirst() {
    return same == index;
  }

  /** {@return its name in the provider's files} */
  String wireId() {
    return WIRE + index;
  }

  /** {@return the index that a name in the provider's files stands for, or -1} */
  static int indexOf(String wireId) {
    try {
      return wireId.startsWith(WIRE) ? Integer.parseInt(wireId.substring(WIRE.length())) : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
