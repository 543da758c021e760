package dev.askonce.optimizer.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class UsageTest {
  private static Usage read(String json) throws IOException {
    return Usage.read(Json.MAPPER.readTree(json.replace('\'', '"'))).orElseThrow();
  }

  @Test
  void read_chatCompletion_hasItsDetails() throws IOException {
    Usage usage =
        read(
            "{'prompt_tokens':100,'completion_tokens':50,'prompt_tokens_details':"
                + "{'cached_tokens':20,'cache_write_tokens':10,'audio_tokens':5},"
                + "'completion_tokens_details':{'reasoning_tokens':30,'audio_tokens':7},"
                + "'cache_read_input_tokens':20}");
    assertEquals(new Usage(100, 20, 10, 0, 5, 50, 30, 7, 0), usage);
    assertEquals(usage, Usage.read(usage.toJson()).orElseThrow());
  }

  @Test
  void read_response_isTheSameByOtherNames() throws IOException {
    assertEquals(
        new Usage(100, 20, 10, 50, 30),
        read(
            "{'input_tokens':100,'input_tokens_details':{'cached_tokens':20,"
                + "'cache_write_tokens':10},'output_tokens':50,"
                + "'output_tokens_details':{'reasoning_tokens':30}}"));
  }

  @Test
  void read_message_addsWhatWasCachedToTheInput() throws IOException {
    assertEquals(
        new Usage(130, 20, 10, 4, 0, 50, 0, 0, 2),
        read(
            "{'input_tokens':100,'cache_read_input_tokens':20,'cache_creation_input_tokens':10,"
                + "'cache_creation':{'ephemeral_1h_input_tokens':4},'output_tokens':50,"
                + "'server_tool_use':{'web_search_requests':2}}"));
  }

  @Test
  void read_embedding_hasNoOutput() throws IOException {
    assertEquals(Usage.of(8, 0), read("{'prompt_tokens':8,'total_tokens':8}"));
  }

  @Test
  void read_nothing_isEmpty() throws IOException {
    assertEquals(Optional.empty(), Usage.read(null));
    assertEquals(Optional.empty(), Usage.read(Json.MAPPER.readTree("null")));
    assertEquals(new Usage(0, 0, 0, 0, 0), read("{'prompt_tokens':-5,'completion_tokens':null}"));
  }

  @Test
  void read_moreThanACallCanUse_isNoUsage() throws IOException {
    long most = Usage.TOKENS_MAX;
    assertEquals(Usage.of(most, 1), read("{'prompt_tokens':" + most + ",'completion_tokens':1}"));
    for (String count : List.of("1000000001", "9223372036854775807", "1e300")) {
      String input = "{\"input_tokens\":1,\"cache_read_input_tokens\":" + count + "}";
      assertEquals(Optional.empty(), Usage.read(Json.MAPPER.readTree(input)), count);
    }
  }

  @Test
  void plusPlain_neverFallsBelowZero() {
    assertEquals(Usage.of(15, 0), Usage.of(10, 5).plusPlain(5, -9));
  }
}
