package dev.mayfly.server;

import dev.mayfly.counter.CounterPeers;
import dev.mayfly.counter.CounterTraffic;
import dev.mayfly.telemetry.MetricSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What comes and goes at the counter door, as metrics. Confined to the scrape. */
record CounterDoorMetrics(CounterTraffic traffic, CounterPeers peers) implements MetricSource {
  @Override
  public void refresh() {
    // Each meter reads its figure itself.
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    FunctionCounter.builder("mayfly.counter.datagrams", traffic, CounterTraffic::datagrams)
        .description("Datagrams that the counter door received.")
        .register(registry);
    FunctionCounter.builder(
            "mayfly.counter.datagram.replies", traffic, CounterTraffic::datagramReplies)
        .description("Datagrams that the counter door answered.")
        .register(registry);
    FunctionCounter.builder("mayfly.counter.messages", traffic, CounterTraffic::messages)
        .description("Messages that the counter door received over TCP.")
        .register(registry);
    Gauge.builder("mayfly.counter.connections", traffic, CounterTraffic::connections)
        .description("TCP connections to the counter door that are open.")
        .register(registry);
    FunctionCounter.builder("mayfly.counter.connections.cut", traffic, CounterTraffic::inputCut)
        .description("Connections closed since there was no room for what they had sent in part.")
        .register(registry);
    Gauge.builder("mayfly.counter.input.bytes", traffic, CounterTraffic::inputBytes)
        .description("Bytes for long messages over TCP that have not wholly come.")
        .register(registry);
    FunctionCounter.builder("mayfly.counter.replies.cut", traffic, CounterTraffic::cut)
        .description("Connections closed whose clients took nothing while others waited.")
        .register(registry);
    Gauge.builder("mayfly.counter.output.bytes", traffic, CounterTraffic::outputBytes)
        .description("Bytes of answers over TCP that clients have not taken.")
        .register(registry);
    Gauge.builder("mayfly.counter.output.waiting", traffic, CounterTraffic::outputWaiting)
        .description("Listings that wait for such answers to be taken.")
        .register(registry);
    FunctionCounter.builder("mayfly.counter.peer.packets", peers, CounterPeers::sent)
        .description("Puts that were sent to peers.")
        .register(registry);
    FunctionCounter.builder("mayfly.counter.peer.dropped", peers, CounterPeers::dropped)
        .description("Events that peers were not told of.")
        .register(registry);
  }
}
