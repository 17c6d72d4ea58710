// A server at its limits: few keys, no history, no operator, only clients that registered.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Door, refused, span } from './door.mjs';

const door = new Door();
const alice = door.as('alice');
const stranger = door.as('stranger');

after(() => door.close());

test('who never registered is refused by every call', async () => {
  for (const method of ['Get', 'Set', 'Stats', 'ListKeys', 'Clear']) {
    await refused(stranger.call(method), 'UNAUTHENTICATED', 'client ID not found');
  }
  await refused(stranger.admin('Prune'), 'UNAUTHENTICATED', 'client ID not found');
  await refused(stranger.admin('Shutdown'), 'UNAUTHENTICATED', 'client ID not found');
  for (const [method, request] of [['WatchStream', {}], ['WatchKeyValue', { key: 'a' }]]) {
    const error = await stranger.stream(method, request).end();
    assert.deepEqual([error.code, error.details], [16, 'client ID not found']);
  }
  await alice.call('Register');
  assert.equal((await alice.call('Stats')).client_ids, '1');
});

test('a key too many is refused, a change of another is not', async () => {
  const full = ['RESOURCE_EXHAUSTED', 'maximum number of keys reached'];
  for (const key of ['a', 'b', 'c']) {
    await alice.set(key, 'x');
  }
  await refused(alice.set('d', 'x'), ...full);
  await refused(
    alice.call('Lock', { key: 'd', duration: span(60), create_if_missing: true }), ...full);
  await refused(alice.set('d', 'x', { lifespan: span(0) }), 'INVALID_ARGUMENT', 'invalid expire_after');
  await alice.set('a', 'y');
  const { pressure } = await alice.call('Stats');
  assert.deepEqual([pressure.keys, pressure.max, pressure.used], ['3', '3', 1]);
  await alice.call('Delete', { key: 'a' });
  await alice.set('d', 'x');
});

test('without versions there is none to ask for', async () => {
  const off = ['FAILED_PRECONDITION', 'versioning is not enabled'];
  await refused(alice.call('GetRevision', { key: 'b', version: '1' }), ...off);
  await refused(alice.call('GetRevision', { key: 'b', version: '0' }), ...off);
  await refused(alice.call('ClearHistory'), ...off);
});

test('without an operator nobody is one', async () => {
  await refused(
    alice.call('SetReadOnly', { enable: true }),
    'FAILED_PRECONDITION', 'privileged client ID not set');
  const refusal = ['PERMISSION_DENIED', 'missing or invalid client ID for admin function'];
  await refused(alice.admin('Prune'), ...refusal);
  await refused(alice.admin('Shutdown'), ...refusal);
});

test('a watcher too many is refused', async () => {
  const first = await alice.watch('WatchStream', { keys: ['b'] });
  for (const method of ['WatchStream', 'WatchKeyValue']) {
    const error = await alice.stream(method, method === 'WatchStream' ? {} : { key: 'b' }).end();
    assert.deepEqual([error.code, error.details], [8, 'subscriber limit reached: 1']);
  }
  first.cancel();
  await first.end();
});
