// Counters, limits and Envoy's rate limit service, by clients generated from the contracts.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { eventually, grpc, span } from './door.mjs';

const fetched = createRequire(path.join(process.env.MODULES, 'package.json'));
const loader = fetched('@grpc/proto-loader');
const files = [
  'mayfly/v1/counters.proto', 'mayfly/v1/limits.proto', 'envoy/service/ratelimit/v3/rls.proto'];
const contract = grpc.loadPackageDefinition(loader.loadSync(files, {
  includeDirs: [process.env.PROTO], keepCase: true, longs: String, enums: String, defaults: true,
}));
const credentials = grpc.credentials.createInsecure();
const counters = new contract.mayfly.v1.Counters(process.env.ADDRESS, credentials);
const limits = new contract.mayfly.v1.Limits(process.env.ADDRESS, credentials);
const envoy = new contract.envoy.service.ratelimit.v3.RateLimitService(
  process.env.ADDRESS, credentials);
const metadata = new grpc.Metadata();
metadata.set('client_id', 'node');

after(() => [counters, limits, envoy].forEach((service) => service.close()));

const ask = (service, method, request, head = metadata) =>
  new Promise((resolve, reject) =>
    service[method](request, head, (error, reply) => (error ? reject(error) : resolve(reply))));

const shouldRateLimit = (descriptors, more = {}) =>
  ask(envoy, 'ShouldRateLimit', {
    domain: 'edge',
    descriptors: descriptors.map((entries) => ({
      entries: Object.entries(entries).map(([key, value]) => ({ key, value })),
    })),
    ...more,
  }, new grpc.Metadata());

test('hits are counted and listed', async () => {
  const namespace = Buffer.from('login');
  const key = Buffer.from('10.0.0.7');
  assert.equal((await ask(counters, 'Hit', { namespace, key, times: 3 })).count, '3');
  assert.equal((await ask(counters, 'GetCount', { namespace, key })).count, '3');
  assert.equal((await ask(counters, 'GetCount', { namespace })).count, '3');
  assert.equal((await ask(counters, 'GetCount', {})).count, '3');
  const { keys } = await ask(counters, 'ListKeys', { namespace, pattern: '^10' });
  assert.deepEqual(keys.map(String), ['10.0.0.7']);
});

test('limits decide', async () => {
  const take = { namespace: Buffer.from('api'), key: Buffer.from('alice'),
    limit: { quantity: 2, period: span(60) } };
  assert.equal((await ask(limits, 'Take', take)).remaining, '1');
  assert.equal((await ask(limits, 'Take', take)).allowed, true);
  const denied = await ask(limits, 'Take', take);
  assert.deepEqual([denied.allowed, denied.exceeded], [false, true]);
  assert.ok(Number(denied.retry_after.seconds) > 50);
});

test('Envoy is told OVER_LIMIT, with statuses and headers', async () => {
  const first = await shouldRateLimit([{ ip: '1.1.1.1' }, { nothing: 'known' }]);
  assert.equal(first.overall_code, 'OK');
  assert.equal(first.statuses.length, 2);
  assert.equal(first.statuses[0].limit_remaining, 1);
  assert.deepEqual(
    [first.statuses[0].current_limit.requests_per_unit, first.statuses[0].current_limit.unit],
    [2, 'HOUR']);
  assert.equal((await shouldRateLimit([{ ip: '1.1.1.1' }])).overall_code, 'OK');
  const over = await shouldRateLimit([{ ip: '1.1.1.1' }]);
  assert.equal(over.overall_code, 'OVER_LIMIT');
  assert.deepEqual(
    over.response_headers_to_add.filter(({ key }) => key !== 'X-Reset'),
    [{ key: 'X-Limit', value: '2' }, { key: 'X-Remaining', value: '0' }]);
  assert.equal(
    (await shouldRateLimit([{ ip: '1.1.1.2' }], { hits_addend: 3 })).overall_code, 'OVER_LIMIT');
  const { statuses } = await ask(envoy, 'ShouldRateLimit', {
    domain: 'edge',
    descriptors: [{
      entries: [{ key: 'ip', value: '1.1.1.1' }], limit: { requests_per_unit: 100, unit: 'DAY' } }],
  }, new grpc.Metadata());
  assert.equal(statuses[0].current_limit.unit, 'DAY');
});

test('rules are read again when their file changes, unless they are bad', async () => {
  const rules = readFileSync(process.env.RULES, 'utf8');
  const remaining = async () =>
    (await shouldRateLimit([{ ip: String(Math.random()) }])).statuses[0].limit_remaining;
  writeFileSync(process.env.RULES, rules.replace('requests_per_unit: 2', 'requests_per_unit: 7'));
  await eventually(async () => (await remaining()) === 6, 'the new rules');
  writeFileSync(process.env.RULES, 'domain: [');
  await eventually(async () => {
    const text = await (await fetch(`http://${process.env.MONITOR}/metrics`)).text();
    return /mayfly_ratelimit_rules_failed_total 1/.test(text);
  }, 'the bad rules to be seen');
  assert.equal(await remaining(), 6);
});
