package dev.mayfly.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Which servers a client of TLS believes.
 *
 * <p>Immutable; safe for concurrent use.
 *
 * @param verified whether the server's certificate, and that it is for the host asked for, are
 *     checked at all
 * @param authorities a file with the certificates that are believed, in PEM form; null for those of
 *     the Java runtime
 */
public record Trust(boolean verified, @Nullable Path authorities) {
  /** Servers whose certificates the Java runtime believes. */
  public static final Trust SYSTEM = new Trust(true, null);

  /** Any server: whoever is in between can read and change everything. */
  public static final Trust ANYBODY = new Trust(false, null);

  /** Servers with a certificate signed by one of those in this file. */
  public static Trust of(Path authorities) {
    return new Trust(true, authorities);
  }

  SSLEngine engine(ServerAddress address) throws IOException {
    SSLContext context = context();
    SSLEngine engine =
        address instanceof ServerAddress.Tcp tcp
            ? context.createSSLEngine(tcp.host(), tcp.port())
            : context.createSSLEngine("localhost", 0);
    engine.setUseClientMode(true);
    engine.setSSLParameters(checking(engine.getSSLParameters()));
    return engine;
  }

  private SSLContext context() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS: " + e.getMessage(), e);
    }
  }

  private SSLParameters checking(SSLParameters parameters) {
    if (verified) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    return parameters;
  }

  /**
   * What puts TLS over sockets, many of them.
   *
   * @throws IOException if the authorities cannot be read
   */
  public Opener opener() throws IOException {
    return new Opener(context());
  }

  /** Puts TLS over sockets; what one handshake has settled, later ones may go on from. */
  public final class Opener {
    private final SSLContext context;

    private Opener(SSLContext context) {
      this.context = context;
    }

    /**
     * Shakes hands over a connected socket; closing the one that is returned closes both.
     *
     * @throws IOException if the server is not believed, or speaks no TLS
     */
    public Socket over(Socket connected, ServerAddress.Tcp address) throws IOException {
      SSLSocketFactory factory = context.getSocketFactory();
      SSLSocket socket =
          (SSLSocket) factory.createSocket(connected, address.host(), address.port(), true);
      socket.setSSLParameters(checking(socket.getSSLParameters()));
      socket.startHandshake();
      return socket;
    }
  }

  private TrustManager @Nullable [] managers() throws GeneralSecurityException, IOException {
    if (!verified) {
      return new TrustManager[] {new Anybody()};
    }
    Path file = authorities;
    if (file == null) {
      return null;
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(file)) {
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + number++, each);
      }
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /** Believes anybody. */
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
