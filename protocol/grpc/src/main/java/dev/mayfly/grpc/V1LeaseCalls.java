package dev.mayfly.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.mayfly.api.v1.GrantLeaseRequest;
import dev.mayfly.api.v1.InspectLeaseRequest;
import dev.mayfly.api.v1.InspectLeaseResponse;
import dev.mayfly.api.v1.LeaseResponse;
import dev.mayfly.api.v1.RenewLeaseRequest;
import dev.mayfly.api.v1.RevokeLeaseRequest;
import dev.mayfly.api.v1.RevokeLeaseResponse;
import dev.mayfly.store.LeaseState;
import dev.mayfly.store.Leases;
import dev.mayfly.store.MayflyException;
import dev.mayfly.store.Stamp;

/** The calls of {@code mayfly.v1} about leases. Immutable; safe for concurrent use. */
final class V1LeaseCalls {
  private final Leases leases;
  private final int keyBytesMax;

  V1LeaseCalls(Leases leases, int keyBytesMax) {
    this.leases = leases;
    this.keyBytesMax = keyBytesMax;
  }

  LeaseResponse grant(GrantLeaseRequest request, Stamp stamp) {
    return told(leases.grant(WireTimes.millis(request.getLength()), stamp));
  }

  LeaseResponse renew(RenewLeaseRequest request, Stamp stamp) {
    return told(leases.renew(request.getLease(), stamp));
  }

  RevokeLeaseResponse revoke(RevokeLeaseRequest request, Stamp stamp) {
    return RevokeLeaseResponse.newBuilder()
        .setDeleted(leases.revoke(request.getLease(), stamp))
        .build();
  }

  InspectLeaseResponse inspect(InspectLeaseRequest request, Stamp stamp) {
    InspectLeaseResponse.Builder reply =
        InspectLeaseResponse.newBuilder().setLease(told(leases.inspect(request.getLease(), stamp)));
    if (request.getKeys()) {
      leases
          .keys(request.getLease(), stamp)
          .forEach(key -> reply.addKeys(UnsafeByteOperations.unsafeWrap(key)));
    }
    return reply.build();
  }

  /** What the keys of a lease take at most, where it tells them; 0 if there is no such lease. */
  long keyBytes(InspectLeaseRequest request, Stamp stamp) {
    if (!request.getKeys()) {
      return 0;
    }
    try {
      LeaseState lease = leases.inspect(request.getLease(), stamp);
      return lease.keys() * (ReplySize.PART_BYTES + keyBytesMax);
    } catch (MayflyException refused) {
      return 0;
    }
  }

  private static LeaseResponse told(LeaseState lease) {
    return LeaseResponse.newBuilder()
        .setLease(lease.lease())
        .setLength(WireTimes.duration(lease.lengthMillis()))
        .setDeadline(WireTimes.timestamp(lease.deadlineMillis()))
        .setKeys(lease.keys())
        .build();
  }
}
