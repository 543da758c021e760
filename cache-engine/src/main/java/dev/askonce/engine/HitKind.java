package dev.askonce.engine;

/** How an entry was found. */
public enum HitKind {
  /** Scope and text were equal; nothing was embedded. */
  EXACT,
  /** The decision stage let a candidate of the vector search answer. */
  SEMANTIC
}
