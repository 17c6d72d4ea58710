package dev.mayfly.grpc;

/**
 * What calls of the grpc door hold at a moment.
 *
 * @param openCalls how many calls are open, watches included
 * @param inputBytes bytes of requests that have come in part, or wait for room for their replies
 * @param outputBytes bytes of replies and events that clients have not taken
 * @param waitingOutputs how many connections, and threads of watches, wait for room for more
 */
public record GrpcLoad(int openCalls, long inputBytes, long outputBytes, int waitingOutputs) {
  /** Of a door that does not listen. */
  public static final GrpcLoad NONE = new GrpcLoad(0, 0, 0, 0);
}
