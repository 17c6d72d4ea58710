package dev.mayfly.grpc;

/**
 * What calls of the grpc door hold at a moment.
 *
 * @param openCalls how many calls are open, watches included
 * @param inputBytes bytes of requests that have come in part
 */
public record GrpcLoad(int openCalls, long inputBytes) {
  /** Of a door that does not listen. */
  public static final GrpcLoad NONE = new GrpcLoad(0, 0);
}
