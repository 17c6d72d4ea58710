package dev.mayfly.counter;

/** What reads requests and writes answers for all connections of one event loop, one by one. */
record Codecs(PacketCodec packets, FrameCodec frames, SpareBytes spare) {}
