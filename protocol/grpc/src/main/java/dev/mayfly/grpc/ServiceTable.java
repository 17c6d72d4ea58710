package dev.mayfly.grpc;

import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.ArrayList;
import java.util.List;

/**
 * The methods of one service, each with what runs it, where methods may encode their messages in
 * another way than the stubs. Used once, by one thread.
 */
final class ServiceTable {
  private final ServiceDescriptor contract;
  private final List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();

  ServiceTable(ServiceDescriptor contract) {
    this.contract = contract;
  }

  <Q, R> ServiceTable add(MethodDescriptor<Q, R> method, ServerCallHandler<Q, R> handler) {
    methods.add(ServerMethodDefinition.create(method, handler));
    return this;
  }

  ServerServiceDefinition build() {
    ServiceDescriptor.Builder descriptor = ServiceDescriptor.newBuilder(contract.getName());
    descriptor.setSchemaDescriptor(contract.getSchemaDescriptor());
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(service::addMethod);
    return service.build();
  }
}
