package dev.askonce.cli;

import com.fasterxml.jackson.databind.ObjectMapper;

/** The one writer of the program's JSON. */
final class JsonOutput {
  static final ObjectMapper MAPPER = new ObjectMapper();

  private JsonOutput() {}
}
