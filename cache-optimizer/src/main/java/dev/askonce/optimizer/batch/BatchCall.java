package dev.askonce.optimizer.batch;

import dev.askonce.optimizer.chat.CallContext;
import dev.askonce.optimizer.chat.ChatRequest;

/**
 * One request of a job.
 *
 * @param id the caller's name for it, unique in the job
 */
public record BatchCall(String id, ChatRequest request, CallContext context) {}
