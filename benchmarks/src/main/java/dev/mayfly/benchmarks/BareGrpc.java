package dev.mayfly.benchmarks;

import com.google.protobuf.Empty;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The peer of the grpc door: an empty unary call, answered on the event loop. */
public final class BareGrpc {
  static final String METHOD = "bench.Bare/Empty";

  private BareGrpc() {}

  /** Argument: the port. */
  public static void main(String[] args) throws IOException, InterruptedException {
    MethodDescriptor<Empty, Empty> method =
        MethodDescriptor.<Empty, Empty>newBuilder()
            .setType(MethodType.UNARY)
            .setFullMethodName(METHOD)
            .setRequestMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .build();
    ServerServiceDefinition service =
        ServerServiceDefinition.builder("bench.Bare")
            .addMethod(
                method,
                ServerCalls.asyncUnaryCall(
                    (request, answer) -> {
                      answer.onNext(Empty.getDefaultInstance());
                      answer.onCompleted();
                    }))
            .build();
    int loops = Runtime.getRuntime().availableProcessors();
    NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])))
        .channelType(EpollServerSocketChannel.class)
        .bossEventLoopGroup(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))
        .workerEventLoopGroup(new MultiThreadIoEventLoopGroup(loops, EpollIoHandler.newFactory()))
        .directExecutor()
        .addService(service)
        .build()
        .start()
        .awaitTermination();
  }
}
