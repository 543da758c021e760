package dev.askonce.redis;

/** Why a command to the server gave nothing. Each is a miss to the caller, and counted. */
public enum RedisTrouble {
  /** The server had the command and did not answer within the deadline. */
  TIMEOUT(true),
  /** No connection could be made: refused, unresolved, not trusted, wrong password. */
  UNREACHABLE(true),
  /** The connection was cut, or what came back is not the protocol. */
  BROKEN(true),
  /** The server refused the command, being full or read-only, say. */
  ERROR_REPLY(false),
  /** The reply is not this entry's intact frame: another key's, damaged, foreign or too large. */
  UNDECODABLE(false),
  /** All connections were in use until the deadline. */
  BUSY(false),
  /** The calling thread was interrupted; its interrupt status is kept. */
  INTERRUPTED(false),
  /** Not tried, because the server failed several times in a row a moment ago. */
  CIRCUIT_OPEN(false);

  /** Whether the server looks dead, so that asking again at once would only cost time. */
  final boolean opensCircuit;

  RedisTrouble(boolean opensCircuit) {
    this.opensCircuit = opensCircuit;
  }
}
