package dev.askonce.optimizer.fanout;

/**
 * How far a fan-out is.
 *
 * @param total requests in all
 * @param answered requests with an answer
 * @param failed requests with any other outcome
 * @param inFlight requests that are asked now
 * @param retries times a request was asked again since the provider was busy
 */
public record Progress(int total, int answered, int failed, int inFlight, long retries) {
  public boolean isOver() {
    return answered + failed == total;
  }
}
