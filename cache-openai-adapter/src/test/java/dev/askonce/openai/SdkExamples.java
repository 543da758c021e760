package dev.askonce.openai;

import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonMissing;
import com.openai.core.JsonValue;
import com.openai.core.MultipartField;
import com.openai.core.RequestOptions;
import com.openai.core.http.AsyncStreamResponse;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.HttpResponseFor;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.ChatModel;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.chat.completions.StructuredChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.JobListPage;
import com.openai.models.moderations.ModerationCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * The kinds of examples in the README of the SDK's version in use, each as what comes of it: the
 * calls as a user writes them, in our own words.
 */
final class SdkExamples {
  private static final ChatCompletionCreateParams PARAMS =
      ChatCompletionCreateParams.builder()
          .addUserMessage("Say this is a test")
          .model(ChatModel.GPT_5_4)
          .build();

  private SdkExamples() {}

  /** {@return the examples by name, each as what comes of it} */
  static Map<String, Function<OpenAIClient, Object>> all() {
    Map<String, Function<OpenAIClient, Object>> all = new LinkedHashMap<>();
    all.put("usage", client -> client.chat().completions().create(PARAMS));
    all.put(
        "modified configuration",
        client ->
            client
                .withOptions(options -> options.baseUrl("http://example.invalid/v1").maxRetries(42))
                .chat()
                .completions()
                .create(PARAMS));
    all.put(
        "asynchronous execution",
        client -> client.async().chat().completions().create(PARAMS).join());
    all.put("streaming", SdkExamples::streamed);
    all.put("asynchronous streaming with a handler", SdkExamples::handled);
    all.put("asynchronous streaming with futures", SdkExamples::subscribed);
    all.put("accumulated stream", SdkExamples::accumulated);
    all.put("stream closed early", SdkExamples::closedEarly);
    all.put("structured outputs", SdkExamples::structured);
    all.put("structured outputs, streamed", SdkExamples::structuredStream);
    all.put("function calling", SdkExamples::functions);
    all.put("conversation", SdkExamples::conversation);
    all.put("image in a message", SdkExamples::image);
    all.put("upload of bytes", client -> upload(client, Optional.empty()));
    all.put("upload with a file name", client -> upload(client, Optional.of("input.jsonl")));
    all.put("binary response", SdkExamples::binary);
    all.put("raw response", SdkExamples::raw);
    all.put("error handling", SdkExamples::refused);
    all.put("auto-pagination", SdkExamples::autoPaged);
    all.put("asynchronous auto-pagination", SdkExamples::autoPagedAsync);
    all.put("manual pagination", SdkExamples::paged);
    all.put(
        "timeout",
        client ->
            client
                .chat()
                .completions()
                .create(PARAMS, RequestOptions.builder().timeout(Duration.ofSeconds(30)).build()));
    all.put("undocumented parameters", SdkExamples::undocumented);
    all.put("undocumented values", SdkExamples::undocumentedValue);
    all.put(
        "undocumented response properties",
        client ->
            client.chat().completions().create(PARAMS)._allProperties().get("secretProperty"));
    all.put(
        "raw JSON of a property",
        client -> client.chat().completions().create(PARAMS)._model().asString().orElseThrow());
    all.put(
        "response validation",
        client ->
            client
                .chat()
                .completions()
                .create(PARAMS, RequestOptions.builder().responseValidation(true).build())
                .validate());
    all.put(
        "embeddings",
        client ->
            client
                .embeddings()
                .create(EmbeddingCreateParams.builder().model("e").input("a").build()));
    all.put(
        "moderation",
        client ->
            client.moderations().create(ModerationCreateParams.builder().input("a").build()).id());
    return all;
  }

  /** {@return the examples that need a server of responses} */
  static Map<String, Function<OpenAIClient, Object>> ofResponses() {
    ResponseCreateParams params =
        ResponseCreateParams.builder().input("Say this is a test").model(ChatModel.GPT_5_4).build();
    return Map.of(
        "whole", client -> text(client.responses().create(params)),
        "asynchronous", client -> text(client.async().responses().create(params).join()),
        "streamed", client -> text(accumulated(client, params)),
        "structured", SdkExamples::structuredResponse);
  }

  private static String text(Response response) {
    return response.output().getFirst().asMessage().content().getFirst().asOutputText().text()
        + response.usage().orElseThrow().totalTokens();
  }

  private static Response accumulated(OpenAIClient client, ResponseCreateParams params) {
    ResponseAccumulator accumulator = ResponseAccumulator.create();
    try (StreamResponse<ResponseStreamEvent> events = client.responses().createStreaming(params)) {
      events.stream().forEach(accumulator::accumulate);
    }
    return accumulator.response();
  }

  private static Object structuredResponse(OpenAIClient client) {
    Book book =
        client
            .responses()
            .create(
                ResponseCreateParams.builder()
                    .input("Name a novel.")
                    .model(ChatModel.GPT_5_4)
                    .text(Book.class)
                    .build())
            .output()
            .getFirst()
            .asMessage()
            .content()
            .getFirst()
            .asOutputText();
    return book.title + book.year;
  }

  private static Object streamed(OpenAIClient client) {
    StringBuilder text = new StringBuilder();
    try (StreamResponse<ChatCompletionChunk> response =
        client.chat().completions().createStreaming(PARAMS)) {
      response.stream()
          .flatMap(chunk -> chunk.choices().stream())
          .flatMap(choice -> choice.delta().content().stream())
          .forEach(text::append);
    }
    return text.toString();
  }

  private static Object handled(OpenAIClient client) {
    CompletableFuture<String> done = new CompletableFuture<>();
    StringBuilder text = new StringBuilder();
    client
        .async()
        .chat()
        .completions()
        .createStreaming(PARAMS)
        .subscribe(
            new AsyncStreamResponse.Handler<>() {
              @Override
              public void onNext(ChatCompletionChunk chunk) {
                chunk.choices().getFirst().delta().content().ifPresent(text::append);
              }

              @Override
              public void onComplete(Optional<Throwable> error) {
                done.complete(text + " " + error);
              }
            });
    return done.join();
  }

  private static Object subscribed(OpenAIClient client) {
    StringBuilder text = new StringBuilder();
    try (var threads = Executors.newFixedThreadPool(2)) {
      Executor executor = threads;
      client
          .async()
          .chat()
          .completions()
          .createStreaming(PARAMS)
          .subscribe(
              chunk -> chunk.choices().getFirst().delta().content().ifPresent(text::append),
              executor)
          .onCompleteFuture()
          .join();
    }
    return text.toString();
  }

  private static Object accumulated(OpenAIClient client) {
    ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
    ChatCompletionCreateParams counted =
        PARAMS.toBuilder()
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
            .build();
    try (StreamResponse<ChatCompletionChunk> response =
        client.chat().completions().createStreaming(counted)) {
      response.stream().forEach(accumulator::accumulate);
    }
    ChatCompletion whole = accumulator.chatCompletion();
    return whole.choices().getFirst().message().content().orElseThrow()
        + whole.usage().orElseThrow().totalTokens();
  }

  private static Object closedEarly(OpenAIClient client) {
    StringBuilder text = new StringBuilder();
    AsyncStreamResponse<ChatCompletionChunk> response =
        client.async().chat().completions().createStreaming(PARAMS);
    response
        .subscribe(
            chunk -> {
              if (text.isEmpty()) {
                chunk.choices().getFirst().delta().content().ifPresent(text::append);
                response.close();
              }
            })
        .onCompleteFuture()
        .join();
    // A hit made of a whole answer says in one piece what a model says in many.
    return "You said: Say this is a test (1)".startsWith(text.toString());
  }

  public static class Book {
    public String title;
    public int year;
  }

  public static class Books {
    public List<Book> books;
  }

  private static String titles(Books books) {
    return String.join(",", books.books.stream().map(book -> book.title + book.year).toList());
  }

  private static final StructuredChatCompletionCreateParams<Books> STRUCTURED =
      ChatCompletionCreateParams.builder()
          .model(ChatModel.GPT_5_4)
          .maxCompletionTokens(2048)
          .responseFormat(Books.class)
          .addUserMessage("List some novels.")
          .build();

  private static Object structured(OpenAIClient client) {
    return titles(
        client.chat().completions().create(STRUCTURED).choices().stream()
            .flatMap(choice -> choice.message().content().stream())
            .findFirst()
            .orElseThrow());
  }

  private static Object structuredStream(OpenAIClient client) {
    ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
    try (StreamResponse<ChatCompletionChunk> response =
        client.chat().completions().createStreaming(STRUCTURED)) {
      response.stream().forEach(accumulator::accumulate);
    }
    return titles(
        accumulator.chatCompletion(Books.class).choices().getFirst().message().content().get());
  }

  @JsonClassDescription("The weather of a city.")
  public static class Weather {
    public String city;
  }

  private static Object functions(OpenAIClient client) {
    ChatCompletionCreateParams.Builder params =
        ChatCompletionCreateParams.builder()
            .model(ChatModel.GPT_5_4)
            .addTool(Weather.class)
            .addUserMessage("How is the weather in Oslo?");
    client.chat().completions().create(params.build()).choices().stream()
        .map(ChatCompletion.Choice::message)
        .peek(params::addMessage)
        .flatMap(message -> message.toolCalls().stream().flatMap(Collection::stream))
        .forEach(
            call ->
                params.addMessage(
                    ChatCompletionToolMessageParam.builder()
                        .toolCallId(call.asFunction().id())
                        .contentAsJson(call.asFunction().function().arguments(Weather.class))
                        .build()));
    params.addUserMessage("Why do you say that?");
    return content(client, params.build());
  }

  private static String content(OpenAIClient client, ChatCompletionCreateParams params) {
    return client
        .chat()
        .completions()
        .create(params)
        .choices()
        .getFirst()
        .message()
        .content()
        .orElseThrow();
  }

  private static Object conversation(OpenAIClient client) {
    ChatCompletionCreateParams.Builder params =
        ChatCompletionCreateParams.builder()
            .model(ChatModel.GPT_5_4)
            .addDeveloperMessage("You are a helpful assistant.")
            .addUserMessage("Tell me a story.");
    List<String> said = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ChatCompletionMessage message =
          client.chat().completions().create(params.build()).choices().getFirst().message();
      said.add(message.content().orElseThrow());
      params.addMessage(message).addUserMessage("But why?" + "?".repeat(i));
    }
    return said;
  }

  private static Object image(OpenAIClient client) {
    ChatCompletionContentPart text =
        ChatCompletionContentPart.ofText(
            ChatCompletionContentPartText.builder().text("What is this?").build());
    ChatCompletionContentPart image =
        ChatCompletionContentPart.ofImageUrl(
            ChatCompletionContentPartImage.builder()
                .imageUrl(
                    ChatCompletionContentPartImage.ImageUrl.builder()
                        .url("data:image/png;base64,AAAA")
                        .build())
                .build());
    return content(
        client,
        ChatCompletionCreateParams.builder()
            .model(ChatModel.GPT_5_4)
            .addUserMessageOfArrayOfContentParts(List.of(text, image))
            .build());
  }

  private static Object upload(OpenAIClient client, Optional<String> name) {
    FileCreateParams.Builder params = FileCreateParams.builder().purpose(FilePurpose.FINE_TUNE);
    if (name.isPresent()) {
      params.file(
          MultipartField.<InputStream>builder()
              .value(new ByteArrayInputStream("content".getBytes()))
              .filename(name.get())
              .build());
    } else {
      params.file("content".getBytes());
    }
    return client.files().create(params.build());
  }

  private static Object binary(OpenAIClient client) {
    try (HttpResponse response = client.files().content("file_id")) {
      Path target = Files.createTempFile("content", ".bin");
      try (var out = Files.newOutputStream(target)) {
        response.body().transferTo(out);
      }
      String read = Arrays.toString(Files.readAllBytes(target));
      Files.delete(target);
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object raw(OpenAIClient client) {
    HttpResponseFor<ChatCompletion> response =
        client.chat().completions().withRawResponse().create(PARAMS);
    // The request id is the provider's, which a hit has not asked.
    return response.statusCode()
        + response.headers().values("content-type").getFirst()
        + response.parse();
  }

  @SuppressWarnings("unchecked") // the SDK's own way to leave out what it requires
  private static Object refused(OpenAIClient client) {
    BadRequestException refused =
        assertThrows(
            BadRequestException.class,
            () ->
                client
                    .chat()
                    .completions()
                    .create(
                        ChatCompletionCreateParams.builder()
                            .model(ChatModel.GPT_5_4)
                            .messages(JsonMissing.of())
                            .build()));
    NotFoundException missing =
        assertThrows(NotFoundException.class, () -> client.models().retrieve("none"));
    return refused.getMessage() + refused.param() + refused.code() + missing.getMessage();
  }

  private static Object autoPaged(OpenAIClient client) {
    JobListPage page = client.fineTuning().jobs().list();
    List<String> ids = new ArrayList<>();
    for (FineTuningJob job : page.autoPager()) {
      ids.add(job.id());
    }
    ids.addAll(page.autoPager().stream().limit(2).map(FineTuningJob::id).toList());
    return ids;
  }

  private static Object autoPagedAsync(OpenAIClient client) {
    List<String> ids = new ArrayList<>();
    client
        .async()
        .fineTuning()
        .jobs()
        .list()
        .thenCompose(
            page -> page.autoPager().subscribe(job -> ids.add(job.id())).onCompleteFuture())
        .join();
    return ids;
  }

  private static Object paged(OpenAIClient client) {
    List<String> ids = new ArrayList<>();
    JobListPage page = client.fineTuning().jobs().list();
    while (true) {
      page.items().forEach(job -> ids.add(job.id()));
      if (!page.hasNextPage()) {
        return ids;
      }
      page = page.nextPage();
    }
  }

  private static Object undocumented(OpenAIClient client) {
    return content(
        client,
        PARAMS.toBuilder()
            .putAdditionalHeader("Secret-Header", "42")
            .putAdditionalQueryParam("secret_query_param", "42")
            .putAdditionalBodyProperty("secretProperty", JsonValue.from("42"))
            .build());
  }

  @SuppressWarnings("unchecked") // the SDK's own way to send what it does not know
  private static Object undocumentedValue(OpenAIClient client) {
    return assertThrows(
            BadRequestException.class,
            () ->
                client
                    .chat()
                    .completions()
                    .create(
                        ChatCompletionCreateParams.builder()
                            .messages(JsonValue.from(42))
                            .model(ChatModel.GPT_5_4)
                            .build()))
        .getMessage();
  }
}
