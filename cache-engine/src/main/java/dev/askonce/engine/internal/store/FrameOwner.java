package dev.askonce.engine.internal.store;

import dev.askonce.engine.EntryId;
import dev.askonce.engine.spi.Hash128;

/**
 * Whose a frame is.
 *
 * @param claims what the entry's record says of it, {@link SlotRecord#CLAIM_BYTES} bytes: a seal is
 *     bound to it. Not looked at, and may be empty, where frames are not sealed
 */
public record FrameOwner(EntryId id, Hash128 scope, long tenant, byte[] claims) {}
