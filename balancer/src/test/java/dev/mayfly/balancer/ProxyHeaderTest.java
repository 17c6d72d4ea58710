package dev.mayfly.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

  @Test
  void write_ipv4_isAsSpecified() {
    ByteBuf out = Unpooled.buffer();

    new ProxyHeader(socket("10.0.0.1", 4660), socket("10.0.0.2", 80)).write(out);

    assertThat(ByteBufUtil.hexDump(out))
        .isEqualTo(SIGNATURE + "2111000c" + "0a000001" + "0a000002" + "1234" + "0050");
  }

  @Test
  void write_mixedFamilies_mapsTheFirstToTheSecond() {
    ByteBuf out = Unpooled.buffer();

    new ProxyHeader(socket("10.0.0.1", 1), socket("::1", 2)).write(out);

    assertThat(ByteBufUtil.hexDump(out))
        .isEqualTo(
            SIGNATURE
                + "21210024"
                + "00000000000000000000ffff0a000001"
                + "00000000000000000000000000000001"
                + "0001"
                + "0002");
  }

  @Test
  void read_byteByByte_waitsForTheLastAndLeavesTheRest() {
    ByteBuf whole = Unpooled.buffer();
    ProxyHeader header = new ProxyHeader(socket("fd00::1", 5), socket("fd00::2", 6));
    header.write(whole);
    int length = whole.readableBytes();
    whole.writeBytes("GET".getBytes(StandardCharsets.US_ASCII));

    for (int i = 0; i < length; i++) {
      assertThat(ProxyHeader.read(whole.slice(0, i))).isNull();
    }
    assertThat(ProxyHeader.read(whole)).isEqualTo(header);
    assertThat(whole.readableBytes()).isEqualTo(3);
  }

  @Test
  void read_local_hasNoAddresses() {
    ByteBuf in = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(SIGNATURE + "20000000"));

    assertThat(ProxyHeader.read(in)).isEqualTo(new ProxyHeader(null, null));
  }

  @Test
  void read_extensions_areSkipped() {
    String hex = SIGNATURE + "2111000f" + "0a0000010a00000212340050" + "030000";
    ByteBuf in = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));

    assertThat(ProxyHeader.read(in))
        .isEqualTo(new ProxyHeader(socket("10.0.0.1", 4660), socket("10.0.0.2", 80)));
    assertThat(in.isReadable()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "474554202f",
        "0d0a0d0a000d0a515549540b",
        SIGNATURE + "1111000c",
        SIGNATURE + "2211000c",
        SIGNATURE + "2111ffff",
        SIGNATURE + "211100040a000001"
      })
  void read_malformed_isRefusedAtOnce(String hex) {
    ByteBuf in = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));

    assertThatThrownBy(() -> ProxyHeader.read(in)).isInstanceOf(IllegalArgumentException.class);
  }

  private static InetSocketAddress socket(String address, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), port);
  }
}
