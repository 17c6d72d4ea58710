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
import dev.mayfly.store.Stamp;

/** The calls of {@code mayfly.v1} about leases. Immutable; safe for concurrent use. */
final class V1LeaseCalls {
  private final Leases leases;

  V1LeaseCalls(Leases leases) {
    this.leases = leases;
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

  private static LeaseResponse told(LeaseState lease) {
    return LeaseResponse.newBuilder()
        .setLease(lease.lease())
        .setLength(WireTimes.duration(lease.lengthMillis()))
        .setDeadline(WireTimes.timestamp(lease.deadlineMillis()))
        .setKeys(lease.keys())
        .build();
  }
}
