package dev.mayfly.grpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;

/**
 * How much memory a message takes besides the bytes that it came in: an operation of a transaction
 * may come in two bytes, and takes some eighty. Stateless.
 */
final class MessageObjects {
  /** Of a message in a list, with the one in it. */
  private static final long MESSAGE_BYTES = 80;

  /** Of bytes or of a text in a list. */
  private static final long BYTES_BYTES = 48;

  private static final long NUMBER_BYTES = 8;

  private MessageObjects() {}

  /** By the lists in it, and by those in what they list. */
  static long bytes(Object message) {
    return message instanceof Message own ? bytes(own) : 0;
  }

  private static long bytes(Message message) {
    long sum = 0;
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      FieldDescriptor described = field.getKey();
      if (described.isRepeated()) {
        List<?> list = (List<?>) field.getValue();
        sum += list.size() * bytesOfOne(described);
        if (mayList(described)) {
          for (Object each : list) {
            sum += bytes(each);
          }
        }
      } else if (mayList(described)) {
        sum += bytes(field.getValue());
      }
    }
    return sum;
  }

  private static long bytesOfOne(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case MESSAGE -> MESSAGE_BYTES;
      case STRING, BYTE_STRING -> BYTES_BYTES;
      case BOOLEAN, INT, LONG, FLOAT, DOUBLE, ENUM -> NUMBER_BYTES;
    };
  }

  private static boolean mayList(FieldDescriptor field) {
    return field.getJavaType() == JavaType.MESSAGE && hasList(field.getMessageType());
  }

  private static boolean hasList(Descriptor type) {
    return type.getFields().stream().anyMatch(FieldDescriptor::isRepeated);
  }
}
