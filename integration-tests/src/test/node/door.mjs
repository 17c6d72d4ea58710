// The gRPC door as a client generated from the contract sees it.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';

const fetched = createRequire(path.join(process.env.MODULES, 'package.json'));
export const grpc = fetched('@grpc/grpc-js');
const loader = fetched('@grpc/proto-loader');

// How long anything may take before it counts as never: the machine may be busy.
const PATIENCE = 60;

const files = [
  'keyquarry/keyquarry.proto', 'mayfly/v1/key_value.proto', 'mayfly/v1/leases.proto',
  'mayfly/v1/locks.proto',
];
const definition = loader.loadSync(files, {
  includeDirs: [process.env.PROTO],
  keepCase: true,
  longs: String,
  enums: String,
  defaults: true,
  oneofs: true,
});
const contract = grpc.loadPackageDefinition(definition);

// The names of all methods of a service, as the contract has them.
export function methods(service) {
  return Object.values(definition[service]).map((method) => method.path.split('/')[2]);
}

// One connection to one server.
export class Door {
  constructor(address = process.env.ADDRESS, options = {}) {
    const credentials = grpc.credentials.createInsecure();
    // Doors to the same address share no connection.
    const own = { 'grpc.use_local_subchannel_pool': 1, ...options };
    this.used = new Set();
    this.services = {
      keyquarry: new contract.keyquarry.KeyQuarry(address, credentials, own),
      admin: new contract.keyquarry.Admin(address, credentials, own),
      v1: new contract.mayfly.v1.KeyValue(address, credentials, own),
      locks: new contract.mayfly.v1.Locks(address, credentials, own),
      leases: new contract.mayfly.v1.Leases(address, credentials, own),
    };
  }

  close() {
    Object.values(this.services).forEach((service) => service.close());
  }

  // Calls under one client id; null sends none.
  as(id) {
    return new Caller(this, id);
  }

  // A call of a method that the contract does not describe, in bytes.
  raw(method, bytes) {
    const same = (buffer) => buffer;
    return new Promise((resolve, reject) =>
      this.services.keyquarry.makeUnaryRequest(
        method, same, same, bytes, new grpc.Metadata(), {},
        (error, reply) => (error ? reject(error) : resolve(reply))));
  }
}

class Caller {
  constructor(door, id) {
    this.door = door;
    this.id = id;
  }

  metadata() {
    const metadata = new grpc.Metadata();
    if (this.id !== null) {
      metadata.set('client_id', this.id);
    }
    return metadata;
  }

  unary(service, method, request) {
    this.door.used.add(method);
    return new Promise((resolve, reject) =>
      this.door.services[service][method](request, this.metadata(), (error, reply) =>
        error ? reject(error) : resolve(reply)));
  }

  call(method, request = {}) {
    return this.unary('keyquarry', method, request);
  }

  admin(method, request = {}) {
    return this.unary('admin', method, request);
  }

  v1(method, request = {}) {
    return this.unary('v1', method, request);
  }

  locks(method, request = {}) {
    return this.unary('locks', method, request);
  }

  leases(method, request = {}) {
    return this.unary('leases', method, request);
  }

  set(key, value, more = {}) {
    return this.call('Set', { key, value: Buffer.from(value), ...more });
  }

  async get(key) {
    return (await this.call('Get', { key })).value.toString();
  }

  stream(method, request = {}, service = 'keyquarry') {
    this.door.used.add(method);
    return new Stream(this.door.services[service][method](request, this.metadata()));
  }

  // A stream that has begun: what is done from now on is in it.
  async watch(method, request, service) {
    const stream = this.stream(method, request, service);
    await stream.begun;
    return stream;
  }
}

// What a server streams. Nothing is lost between two waits.
export class Stream {
  constructor(call) {
    this.call = call;
    this.messages = [];
    this.error = null;
    this.ended = false;
    this.wake = () => {};
    this.begun = new Promise((resolve) => call.on('metadata', resolve));
    call.on('data', (message) => {
      this.messages.push(message);
      this.wake();
    });
    call.on('error', (error) => {
      this.error = error;
      this.ended = true;
      this.wake();
    });
    call.on('end', () => {
      this.ended = true;
      this.wake();
    });
  }

  async until(condition, what, seconds = PATIENCE) {
    const deadline = Date.now() + seconds * 1000;
    while (!condition()) {
      const left = deadline - Date.now();
      assert.ok(left > 0, `not in time: ${what}; ${this}`);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  // The next so many messages.
  async take(count, seconds) {
    await this.until(() => this.messages.length >= count || this.ended, `${count} messages`, seconds);
    assert.ok(this.messages.length >= count, `ended early: ${this}`);
    return this.messages.splice(0, count);
  }

  async end(seconds) {
    // The status follows the last message.
    await this.until(() => this.error !== null, 'the end', seconds);
    return this.error;
  }

  cancel() {
    this.call.cancel();
  }

  toString() {
    return JSON.stringify({ messages: this.messages.slice(0, 20), error: this.error });
  }
}

// Requires that a call is refused with exactly this.
export async function refused(promise, code, message) {
  const error = await promise.then(
    (reply) => assert.fail(`answered ${JSON.stringify(reply)}, expected ${code} ${message}`),
    (failure) => failure);
  assert.ok(error.code !== undefined, String(error.stack));
  assert.deepEqual([grpc.status[error.code], error.details], [code, message]);
}

// Tries until it holds.
export async function eventually(attempt, what, seconds = PATIENCE) {
  const deadline = Date.now() + seconds * 1000;
  let last;
  do {
    last = await attempt();
    if (last) {
      return last;
    }
    await pause(20);
  } while (Date.now() < deadline);
  assert.fail(`not in time: ${what}`);
}

export function pause(millis) {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

// A span of time as the contract has it.
export function span(seconds) {
  const whole = Math.floor(seconds);
  return { seconds: String(whole), nanos: Math.round((seconds - whole) * 1e9) };
}
