package dev.mayfly.balancer;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Asks the system's name servers each time, over TCP where an answer is cut. Owns its thread. */
final class NettyNames implements NameResolver {
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("mayfly-balance-dns", true), NioIoHandler.newFactory());
  private final DnsNameResolver resolver =
      new DnsNameResolverBuilder(loop.next())
          .datagramChannelType(NioDatagramChannel.class)
          .socketChannelType(NioSocketChannel.class)
          .resolveCache(NoopDnsCache.INSTANCE)
          .build();

  @Override
  public CompletionStage<List<InetAddress>> resolve(String name) {
    CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
    resolver
        .resolveAll(name)
        .addListener(
            done -> {
              if (done.isSuccess()) {
                @SuppressWarnings("unchecked")
                List<InetAddress> addresses = (List<InetAddress>) done.getNow();
                answer.complete(List.copyOf(addresses));
              } else {
                answer.completeExceptionally(done.cause());
              }
            });
    return answer;
  }

  @Override
  public void close() {
    resolver.close();
    var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
