package dev.askonce.bench.micro;

import java.util.ArrayList;
import java.util.List;

/** Short questions as people ask them, and each of them in other words. */
final class Questions {
  private static final List<String> ACTIONS =
      List.of(
          "change my delivery address",
          "cancel a monthly plan",
          "download the invoice of an order",
          "return shoes that do not fit",
          "use a gift card twice",
          "add a second user",
          "turn off the weekly newsletter",
          "reset a forgotten password",
          "track a parcel from abroad",
          "upgrade to the family plan",
          "export all of my data",
          "report a broken charger",
          "pay by bank transfer",
          "move my account to another country",
          "connect the printer to a laptop",
          "book a table for a group");

  private Questions() {}

  static List<String> stored() {
    return framed("How do I ", "?");
  }

  /** {@return the same questions, in the same order, in other words} */
  static List<String> asked() {
    return framed("How can I ", " please?");
  }

  /**
   * {@return the same again, in words of which only the verifier can say that they ask the same}
   */
  static List<String> reworded() {
    return framed("Which steps do I take to ", "?");
  }

  private static List<String> framed(String before, String after) {
    List<String> questions = new ArrayList<>();
    ACTIONS.forEach(action -> questions.add(before + action + after));
    return questions;
  }
}
