/**
 * The chat-completions exchange, as every lever sees it: {@link
 * dev.askonce.optimizer.chat.ChatRequest}, {@link dev.askonce.optimizer.chat.ChatReply}, {@link
 * dev.askonce.optimizer.chat.ChatStream} and the one interface {@link
 * dev.askonce.optimizer.chat.ChatClient}.
 *
 * <p>Uses Jackson; no vendor's types, nothing else of ours. Invariant: bytes pass through as they
 * came; what is parsed is parsed beside them, never instead of them.
 */
package dev.askonce.optimizer.chat;
