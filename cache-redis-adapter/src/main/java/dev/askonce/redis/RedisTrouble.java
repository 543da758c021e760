package dev.askonce.redis;

/** Why a command to the server gave nothing. Each is a miss to the caller, and counted. */
public enum RedisTrouble {
  /** The server had the command and did not answer within the deadline. */
  TIMEOUT,
  /**
   * No connection could be made: refused, unresolved, not trusted, wrong password; or no Sentinel
   * and no node says who is primary.
   */
  UNREACHABLE,
  /** The connection was cut, or what came back is not the protocol. */
  BROKEN,
  /** The server refused the command, being full or read-only, say. */
  ERROR_REPLY,
  /** The reply is not this entry's intact frame: another key's, damaged, foreign or too large. */
  UNDECODABLE,
  /** All connections were in use until the deadline. */
  BUSY,
  /** The calling thread was interrupted; its interrupt status is kept. */
  INTERRUPTED,
  /** Not tried, because the server failed several times in a row a moment ago. */
  CIRCUIT_OPEN
}
