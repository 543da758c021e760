package dev.askonce.openai.embedding;

import com.openai.errors.OpenAIInvalidDataException;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.Embedding;
import com.openai.models.embeddings.EmbeddingValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;

/** The vectors of a reply: in the order of their inputs, of unit length. */
final class Vectors {
  /** Providers round; what is further off than this is not meant to be of unit length. */
  private static final double UNIT_TOLERANCE = 1e-4;

  private Vectors() {}

  /**
   * {@return one vector for each input}
   *
   * @throws OpenAIInvalidDataException if one is missing, has another number of components, or has
   *     no direction
   */
  static float[][] of(CreateEmbeddingResponse response, int inputs, int dimension) {
    float[][] vectors = new float[inputs][];
    for (Embedding embedding : response.data()) {
      long index = embedding.index();
      if (index < 0 || index >= inputs || vectors[(int) index] != null) {
        throw new OpenAIInvalidDataException("no or a second input of index " + index);
      }
      vectors[(int) index] = unit(components(embedding.embeddingValue()), dimension);
    }
    for (int i = 0; i < inputs; i++) {
      if (vectors[i] == null) {
        throw new OpenAIInvalidDataException("no vector for input " + i + " of " + inputs);
      }
    }
    return vectors;
  }

  /** {@return numbers in either encoding} A server that does not know base64 sends a list. */
  private static float[] components(EmbeddingValue value) {
    if (value.isBase64()) {
      return decoded(value.asBase64());
    }
    List<Float> list = value.asFloats();
    float[] vector = new float[list.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = list.get(i);
    }
    return vector;
  }

  private static float[] decoded(String base64) {
    try {
      ByteBuffer bytes =
          ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
      float[] vector = new float[bytes.remaining() / Float.BYTES];
      bytes.asFloatBuffer().get(vector);
      return vector;
    } catch (IllegalArgumentException e) {
      throw new OpenAIInvalidDataException("a vector is not base64", e);
    }
  }

  private static float[] unit(float[] vector, int dimension) {
    if (vector.length != dimension) {
      throw new OpenAIInvalidDataException(
          "a vector of " + vector.length + " components where " + dimension + " were expected");
    }
    double sum = 0;
    for (float component : vector) {
      sum += (double) component * component;
    }
    double norm = Math.sqrt(sum);
    if (!(norm > 0 && Double.isFinite(norm))) {
      throw new OpenAIInvalidDataException("a vector of length " + norm);
    }
    if (Math.abs(norm - 1) > UNIT_TOLERANCE) {
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) (vector[i] / norm);
      }
    }
    return vector;
  }
}
