// Every call that is answered at once: what it gives, and each of its refusals.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Door, eventually, methods, pause, refused, span } from './door.mjs';

const door = new Door();
const alice = door.as('alice');
const bob = door.as('bob');
const root = door.as('root');

const RESERVED = "Key cannot begin with 'keyquarry'";
const OTHERS = 'client_id provided does not match key';
const READ_ONLY = 'server in readonly mode';

after(() => door.close());

async function clean() {
  await root.call('Clear', { force: true });
}

async function inspect(key, more = {}) {
  return alice.call('Inspect', { key, ...more });
}

test('a caller without an id of its own is refused by every method', async () => {
  const requests = {
    Set: { key: 'k' }, Get: { key: 'k' }, Inspect: { key: 'k' }, Delete: { key: 'k' },
    Exists: { key: 'k' }, Pop: { key: 'k' }, Lock: { key: 'k' }, Unlock: { key: 'k' },
    GetKeyMetric: { key: 'k' }, GetRevision: { key: 'k', version: '1' },
  };
  for (const method of methods('keyquarry.KeyQuarry').filter((name) => !name.startsWith('Watch'))) {
    const request = requests[method] ?? {};
    await refused(door.as(null).call(method, request), 'INVALID_ARGUMENT', 'reserved client_id used');
    await refused(door.as('').call(method, request), 'INVALID_ARGUMENT', 'empty client_id');
    await refused(
      door.as('keyquarry').call(method, request), 'INVALID_ARGUMENT', 'reserved client_id used');
  }
  for (const method of methods('keyquarry.Admin')) {
    await refused(door.as(null).admin(method), 'INVALID_ARGUMENT', 'reserved client_id used');
    await refused(door.as('').admin(method), 'INVALID_ARGUMENT', 'empty client_id');
    await refused(
      door.as('keyquarry').admin(method), 'INVALID_ARGUMENT', 'reserved client_id used');
  }
});

test('Register takes an id once, and tells none', async () => {
  const before = Number((await alice.call('Stats')).client_ids);
  assert.deepEqual(await alice.call('Register'), { success: true, client_id: '' });
  await refused(alice.call('Register'), 'ALREADY_EXISTS', 'already registered');
  assert.equal(Number((await alice.call('Stats')).client_ids), before + 1);
});

test('Set creates, replaces, and keeps an equal value', async () => {
  assert.deepEqual(await alice.set('set', 'bar'), { success: true, is_new: true });
  let entry = await inspect('set');
  assert.equal(entry.hash, '16101355973854746');
  assert.equal(entry.version, '1');
  assert.equal(entry.size, '3');
  assert.equal(entry.updated, undefined);
  assert.equal(entry.content_type, 'text/plain; charset=utf-8');
  assert.equal(entry.locked, false);
  assert.equal(entry.lifespan, null);

  assert.deepEqual(await bob.set('set', 'bar'), { success: true, is_new: false });
  assert.equal((await inspect('set')).version, '1');
  await bob.set('set', 'other');
  entry = await inspect('set');
  assert.equal(entry.version, '2');
  assert.ok(entry.updated.seconds > 0);
});

test('Set takes the value and its content type from whoever wrote last', async () => {
  await alice.set('type', '{}', { content_type: 'application/json' });
  assert.equal((await inspect('type')).content_type, 'application/json');
  await alice.set('type', '<html>');
  assert.equal((await inspect('type')).content_type, 'text/html; charset=utf-8');
  await alice.call('Set', { key: 'type', value: Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]) });
  assert.equal((await inspect('type')).content_type, 'image/png');
});

test('Set of an empty value', async () => {
  await alice.set('empty', '');
  const entry = await inspect('empty');
  assert.equal(entry.hash, '14695981039346656037');
  assert.equal(entry.size, '0');
});

test('Set refuses, in this order', async () => {
  const long = 'k'.repeat(65);
  const large = Buffer.alloc(1001);
  await bob.set('bobs', 'x', { lock_duration: span(60) });
  await refused(alice.set('', large), 'INVALID_ARGUMENT', 'Empty key');
  for (const key of ['keyquarry', 'keyquarry/Started', 'KeyQuarryX', 'KEYQUARRY/' + long]) {
    await refused(alice.set(key, large), 'INVALID_ARGUMENT', RESERVED);
  }
  await refused(alice.set(long, large), 'FAILED_PRECONDITION', 'Key length greater than maximum');
  const tooLong = { lock_duration: span(61), lifespan: span(0) };
  await refused(
    alice.set('bobs', large, tooLong), 'FAILED_PRECONDITION', 'value size is greater than maximum');
  await refused(alice.set('bobs', 'x', tooLong), 'OUT_OF_RANGE', 'lock Duration too long');
  for (const seconds of [0, 0.1, -1]) {
    await refused(
      alice.set('bobs', 'x', { lock_duration: span(seconds), lifespan: span(0) }),
      'OUT_OF_RANGE', 'invalid lock Duration');
    await refused(
      alice.set('bobs', 'x', { lifespan: span(seconds) }),
      'INVALID_ARGUMENT', 'invalid expire_after');
  }
  await refused(alice.set('bobs', 'x'), 'PERMISSION_DENIED', OTHERS);
  assert.equal(await bob.get('bobs'), 'x');
});

test('Set at the limits is taken, and far above them refused with the same words', async () => {
  const key = 'é'.repeat(32);
  await alice.set(key, Buffer.alloc(1000, 'v'), { lock_duration: span(60), lifespan: span(0.2) });
  await refused(
    alice.set('large', Buffer.alloc(3_000_000)),
    'FAILED_PRECONDITION', 'value size is greater than maximum');
});

test('a lifespan ends, and its key with its lock, metrics and history', async () => {
  await clean();
  await alice.set('brief', 'a', { lifespan: span(60.5), lock_duration: span(60) });
  await alice.get('brief');
  const entry = await inspect('brief');
  assert.deepEqual(entry.lifespan, { seconds: '60', nanos: 500_000_000 });
  assert.ok(entry.lifespan_set.seconds > 0);
  await alice.set('brief', 'b', { lifespan: span(0.3) });
  await eventually(async () => !(await alice.call('Exists', { key: 'brief' })).exists, 'expiry');

  await refused(alice.get('brief'), 'NOT_FOUND', 'Key not found');
  await refused(
    alice.call('GetRevision', { key: 'brief', version: '1' }), 'NOT_FOUND', 'revision not found');
  await refused(alice.call('GetKeyMetric', { key: 'brief' }), 'NOT_FOUND', 'key not found');
  const stats = await eventually(async () => {
    const now = await alice.call('Stats');
    return now.keys === '0' ? now : null;
  }, 'the key is gone');
  assert.deepEqual(
    [stats.current_locks, stats.reapers, stats.total_size, stats.history.keys], ['0', '0', '0', '0']);
});

test('Get gives a value, and refuses', async () => {
  const bytes = Buffer.from([0, 255, 1, 254]);
  await alice.call('Set', { key: 'get', value: bytes });
  assert.deepEqual((await bob.call('Get', { key: 'get' })).value, bytes);
  await alice.call('Lock', { key: 'get', duration: span(60) });
  assert.deepEqual((await alice.call('Get', { key: 'get' })).value, bytes);
  await refused(bob.get('get'), 'PERMISSION_DENIED', 'Key is locked');
  await refused(bob.get('absent'), 'NOT_FOUND', 'Key not found');
  await refused(bob.get(''), 'NOT_FOUND', 'Key not found');
  await refused(bob.get('k'.repeat(65)), 'NOT_FOUND', 'Key not found');
});

test('Exists never refuses a key', async () => {
  await alice.set('here', 'x', { lock_duration: span(60) });
  assert.deepEqual(await bob.call('Exists', { key: 'here' }), { exists: true });
  for (const key of ['absent', '', 'k'.repeat(65), 'keyquarry']) {
    assert.deepEqual(await bob.call('Exists', { key }), { exists: false });
  }
});

test('Inspect tells of a key, of its value and metrics only when asked', async () => {
  await alice.set('inspect', 'one', { lock_duration: span(60), lifespan: span(600) });
  let entry = await bob.call('Inspect', { key: 'inspect' });
  assert.equal(entry.locked, true);
  assert.equal(entry.value, undefined);
  assert.equal(entry.metrics, undefined);
  assert.deepEqual(entry.lifespan, { seconds: '600', nanos: 0 });
  await refused(
    bob.call('Inspect', { key: 'inspect', include_value: true }),
    'PERMISSION_DENIED', 'Key is locked');

  entry = await inspect('inspect', { include_value: true, include_metrics: true });
  assert.equal(entry.value.toString(), 'one');
  assert.equal(entry.metrics.set_count, '1');
  assert.equal(entry.metrics.lock_count, '1');
  await refused(inspect('absent'), 'NOT_FOUND', 'Key not found');
  await refused(inspect(''), 'NOT_FOUND', 'Key not found');
});

test('GetKeyMetric counts what was done with a key', async () => {
  await alice.set('metric', 'one');
  await alice.set('metric', 'two');
  await alice.get('metric');
  await alice.get('metric');
  await alice.get('metric');
  await alice.call('Lock', { key: 'metric', duration: span(60) });
  const metric = await alice.call('GetKeyMetric', { key: 'metric' });
  assert.deepEqual([metric.set_count, metric.access_count, metric.lock_count], ['2', '3', '1']);
  for (const time of ['first_accessed', 'last_accessed', 'first_set', 'last_set',
    'first_locked', 'last_locked']) {
    assert.ok(metric[time].seconds > 0, time);
  }
  await refused(alice.call('GetKeyMetric', { key: 'absent' }), 'NOT_FOUND', 'key not found');
  await refused(alice.call('GetKeyMetric', { key: '' }), 'NOT_FOUND', 'key not found');
});

test('Delete removes a key, its lock, metrics and history', async () => {
  await clean();
  await alice.set('delete', 'one', { lock_duration: span(60), lifespan: span(600) });
  await alice.set('delete', 'two');
  await refused(bob.call('Delete', { key: 'delete' }), 'PERMISSION_DENIED', OTHERS);
  assert.deepEqual(await alice.call('Delete', { key: 'delete' }), { deleted: true });
  const stats = await alice.call('Stats');
  assert.deepEqual(
    [stats.keys, stats.current_locks, stats.reapers, stats.total_size, stats.history.keys],
    ['0', '0', '0', '0', '0']);
  await refused(alice.call('GetKeyMetric', { key: 'delete' }), 'NOT_FOUND', 'key not found');
  await refused(alice.call('Delete', { key: 'delete' }), 'NOT_FOUND', 'Key not found');
  await refused(alice.call('Delete', { key: '' }), 'NOT_FOUND', 'Key not found');
  await refused(alice.call('Delete', { key: 'k'.repeat(65) }), 'NOT_FOUND', 'Key not found');
  await refused(alice.call('Delete', { key: 'KeyQuarry/x' }), 'INVALID_ARGUMENT', RESERVED);
  await alice.set('delete', 'again');
  assert.equal((await inspect('delete')).version, '1');
});

test('Pop gives the value and removes the key', async () => {
  await alice.set('pop', 'value', { lock_duration: span(60) });
  await refused(bob.call('Pop', { key: 'pop' }), 'PERMISSION_DENIED', 'Key is locked');
  assert.equal((await alice.call('Pop', { key: 'pop' })).value.toString(), 'value');
  await refused(alice.call('Pop', { key: 'pop' }), 'NOT_FOUND', 'Key not found');
  await refused(alice.call('Pop', { key: '' }), 'NOT_FOUND', 'Key not found');
  await refused(alice.call('Pop', { key: 'keyquarry/Started' }), 'INVALID_ARGUMENT', RESERVED);
});

test('Lock keeps others out until it ends', async () => {
  await alice.set('lock', 'x');
  assert.deepEqual(
    await alice.call('Lock', { key: 'lock', duration: span(60) }), { success: true });
  await refused(
    bob.call('Lock', { key: 'lock', duration: span(1) }),
    'PERMISSION_DENIED', 'locked by another client');
  await alice.call('Lock', { key: 'lock', duration: span(0.2) });
  await eventually(
    () => bob.call('Lock', { key: 'lock', duration: span(60) }).catch(() => null), 'the lock ends');
  assert.equal((await bob.call('GetKeyMetric', { key: 'lock' })).lock_count, '3');
});

test('Lock by its owner begins again now', async () => {
  await alice.set('renew', 'x', { lock_duration: span(30) });
  await alice.call('Lock', { key: 'renew', duration: span(0.2) });
  await eventually(
    async () => !(await inspect('renew')).locked, 'the shorter lock ends');
});

test('Lock creates a missing key where it is asked to', async () => {
  await refused(
    alice.call('Lock', { key: 'made', duration: span(1) }), 'NOT_FOUND', 'Key not found');
  await alice.call('Lock', { key: 'made', duration: span(60), create_if_missing: true });
  const entry = await inspect('made', { include_value: true });
  assert.deepEqual(
    [entry.version, entry.size, entry.locked, entry.value.length], ['1', '0', true, 0]);
});

test('Lock refuses, in this order', async () => {
  const duration = span(61);
  await refused(alice.call('Lock', { key: '' }), 'INVALID_ARGUMENT', 'Empty key');
  await refused(alice.call('Lock', { key: 'Keyquarry' }), 'INVALID_ARGUMENT', RESERVED);
  const long = 'k'.repeat(65);
  await refused(
    alice.call('Lock', { key: long, create_if_missing: true }),
    'FAILED_PRECONDITION', 'Key length greater than maximum');
  await refused(alice.call('Lock', { key: 'absent' }), 'OUT_OF_RANGE', 'invalid lock Duration');
  await refused(
    alice.call('Lock', { key: 'absent', duration }), 'OUT_OF_RANGE', 'lock Duration too long');
  await refused(
    alice.call('Lock', { key: long, duration }), 'OUT_OF_RANGE', 'lock Duration too long');
  for (const seconds of [0, -5, 0.199]) {
    await refused(
      alice.call('Lock', { key: 'absent', duration: span(seconds) }),
      'OUT_OF_RANGE', 'invalid lock Duration');
  }
  await refused(
    alice.call('Lock', { key: long, duration: span(1) }), 'NOT_FOUND', 'Key not found');
});

test('Unlock gives a lock back', async () => {
  await alice.set('unlock', 'x', { lock_duration: span(60) });
  await refused(bob.call('Unlock', { key: 'unlock' }), 'PERMISSION_DENIED', OTHERS);
  assert.deepEqual(await alice.call('Unlock', { key: 'unlock' }), { success: true });
  assert.equal((await inspect('unlock')).locked, false);
  assert.deepEqual(await bob.call('Unlock', { key: 'unlock' }), { success: true });
  await refused(alice.call('Unlock', { key: 'absent' }), 'NOT_FOUND', 'Key not found');
  await refused(alice.call('Unlock', { key: '' }), 'NOT_FOUND', 'Key not found');
  await refused(alice.call('Unlock', { key: 'keyquarry/x' }), 'INVALID_ARGUMENT', RESERVED);
});

test('ListKeys with any limit', async () => {
  await clean();
  const keys = ['a1', 'a2', 'b1'];
  for (const key of keys) {
    await alice.set(key, 'x');
  }
  const list = async (request) => (await alice.call('ListKeys', request)).keys.sort();
  assert.deepEqual(await list({}), keys);
  // The limit that ended the original: above the number of keys.
  for (const limit of ['4', '1000000', '9223372036854775807', '18446744073709551615']) {
    assert.deepEqual(await list({ limit }), keys, limit);
    assert.deepEqual(await list({ limit, pattern: '1$' }), ['a1', 'b1'], limit);
  }
  assert.equal((await list({ limit: '2' })).length, 2);
  assert.deepEqual(await list({ pattern: '^a' }), ['a1', 'a2']);
  assert.deepEqual(await list({ pattern: 'none' }), []);
  await refused(
    alice.call('ListKeys', { pattern: '(' }), 'INVALID_ARGUMENT', 'invalid key pattern');
});

test('ListKeys takes a pattern that ruins other engines in little time', async () => {
  await alice.set('a'.repeat(64), 'x');
  assert.deepEqual((await alice.call('ListKeys', { pattern: '^(a+)+$b' })).keys, []);
});

test('reserved keys are read, listed where asked for, and count for nothing', async () => {
  await clean();
  const names = ['Started', 'MaxLockDuration', 'MinLockDuration', 'MinLifespan', 'MaxKeys',
    'PruneInterval', 'PruneAt', 'PruneTo', 'EagerPruneAt', 'EagerPruneTo', 'MaxValueSize',
    'MaxKeyLength', 'RevisionLimit', 'snapshot/Enabled', 'snapshot/Interval',
    'EventStreamSubscriberLimit'].map((name) => `keyquarry/${name}`).sort();
  assert.deepEqual((await alice.call('ListKeys')).keys, []);
  assert.deepEqual((await alice.call('ListKeys', { include_reserved: true })).keys.sort(), names);
  assert.deepEqual(
    (await alice.call('ListKeys', { include_reserved: true, pattern: 'Lock' })).keys.sort(),
    ['keyquarry/MaxLockDuration', 'keyquarry/MinLockDuration']);
  assert.equal(await alice.get('keyquarry/MaxLockDuration'), '60000000000');
  assert.equal(await alice.get('keyquarry/MinLifespan'), '200000000');
  assert.equal(await alice.get('keyquarry/MaxValueSize'), '1000');
  assert.equal(await alice.get('keyquarry/RevisionLimit'), '5');
  for (const key of names) {
    assert.ok((await alice.call('Exists', { key })).exists, key);
    assert.equal((await inspect(key, { include_value: true })).key, key);
  }
  const stats = await alice.call('Stats');
  assert.deepEqual([stats.keys, stats.total_size, stats.pressure.keys], ['0', '0', '0']);
});

test('GetRevision counts from the first and back from the current', async () => {
  for (let i = 1; i <= 7; i++) {
    await alice.set('revision', `v${i}`);
  }
  const at = async (version) => {
    const reply = await alice.call('GetRevision', { key: 'revision', version });
    assert.ok(reply.timestamp.seconds > 0);
    return reply.value.toString();
  };
  assert.deepEqual(
    await Promise.all(['7', '6', '3', '-1', '-4'].map(at)), ['v7', 'v6', 'v3', 'v6', 'v3']);
  for (const version of ['2', '8', '-5', '-9223372036854775808', '9223372036854775807']) {
    await refused(at(version), 'NOT_FOUND', 'revision not found');
  }
  await refused(at('0'), 'INVALID_ARGUMENT', 'revision must be greater or less than zero');
  await refused(
    alice.call('GetRevision', { key: 'absent', version: '1' }), 'NOT_FOUND', 'revision not found');
  await alice.call('Lock', { key: 'revision', duration: span(60) });
  assert.equal(await at('6'), 'v6');
  for (const version of ['7', '6', '-1']) {
    await refused(
      bob.call('GetRevision', { key: 'revision', version }), 'PERMISSION_DENIED', 'Key is locked');
  }
});

test('ClearHistory tells how much it dropped, and leaves locked keys alone', async () => {
  await clean();
  for (const key of ['one', 'two', 'held']) {
    for (const value of ['a', 'b', 'c']) {
      await alice.set(key, value);
    }
  }
  await bob.call('Lock', { key: 'held', duration: span(60) });
  assert.deepEqual(await alice.call('ClearHistory'), { keys: '2', cleared: '4' });
  assert.equal(
    (await alice.call('GetRevision', { key: 'one', version: '3' })).value.toString(), 'c');
  await refused(
    alice.call('GetRevision', { key: 'one', version: '2' }), 'NOT_FOUND', 'revision not found');
  assert.equal(
    (await bob.call('GetRevision', { key: 'held', version: '2' })).value.toString(), 'b');
});

test('Clear leaves locked keys unless forced, and every number true', async () => {
  await clean();
  await alice.set('free', '12345');
  await alice.set('held', '123', { lock_duration: span(60) });
  assert.deepEqual(await bob.call('Clear'), { success: true, keys_deleted: '1' });
  let stats = await alice.call('Stats');
  assert.deepEqual([stats.keys, stats.total_size, stats.current_locks], ['1', '3', '1']);
  assert.deepEqual(await bob.call('Clear', { force: true }), { success: true, keys_deleted: '1' });
  stats = await alice.call('Stats');
  assert.deepEqual(
    [stats.keys, stats.total_size, stats.current_locks, stats.history.keys], ['0', '0', '0', '0']);
  assert.equal((await alice.call('ListKeys', { include_reserved: true })).keys.length, 16);
});

test('Stats counts every kind of event once', async () => {
  await clean();
  const before = (await alice.call('Stats')).events;
  await alice.set('counted', '1');
  await alice.set('counted', '2', { lock_duration: span(60), lifespan: span(600) });
  await alice.set('counted', '2');
  await alice.get('counted');
  await alice.call('Unlock', { key: 'counted' });
  await alice.call('Delete', { key: 'counted' });
  const after = (await alice.call('Stats')).events;
  const grown = Object.fromEntries(
    Object.keys(after).filter((kind) => !kind.startsWith('_'))
      .map((kind) => [kind, Number(after[kind]) - Number(before[kind])]));
  assert.deepEqual(grown, {
    new: 1, updated: 1, deleted: 1, locked: 1, unlocked: 1, expired: 0, expunged: 0, accessed: 1,
    lifespan_set: 1, lifespan_renewed: 1,
  });
});

test('many clients at once leave the counts of locks and keys true', async () => {
  await clean();
  const attempts = [];
  for (let i = 0; i < 600; i++) {
    const caller = [alice, bob, root][i % 3];
    const key = `drift-${i % 7}`;
    attempts.push([
      () => caller.set(key, `${i}`, { lock_duration: span(30), lifespan: span(30) }),
      () => caller.call('Delete', { key }),
      () => caller.call('Lock', { key, duration: span(30), create_if_missing: true }),
      () => caller.call('Unlock', { key }),
      () => caller.call('Pop', { key }),
    ][i % 5]().catch((error) => assert.ok([5, 7].includes(error.code), String(error))));
  }
  await Promise.all(attempts);
  const { keys } = await alice.call('ListKeys');
  const entries = await Promise.all(keys.map((key) => inspect(key)));
  const stats = await alice.call('Stats');
  assert.equal(stats.keys, `${entries.length}`);
  assert.equal(stats.current_locks, `${entries.filter((entry) => entry.locked).length}`);
  assert.equal(stats.reapers, `${entries.filter((entry) => entry.lifespan).length}`);
  assert.equal(stats.total_size, `${entries.reduce((sum, e) => sum + Number(e.size), 0)}`);
});

test('SetReadOnly is the operator\'s, and refuses what writes', async () => {
  await alice.set('kept', 'x');
  await refused(alice.call('SetReadOnly', { enable: true }), 'PERMISSION_DENIED', 'not authorized');
  assert.deepEqual(await root.call('SetReadOnly', { enable: true }), { success: true });
  const writes = {
    Set: { key: 'kept' }, Lock: { key: 'kept' }, Unlock: { key: 'kept' }, Delete: { key: 'kept' },
    Pop: { key: 'kept' }, Clear: {}, ClearHistory: {},
  };
  for (const [method, request] of Object.entries(writes)) {
    await refused(alice.call(method, request), 'FAILED_PRECONDITION', READ_ONLY);
  }
  for (const method of ['Set', 'Lock']) {
    await refused(alice.call(method, { key: '' }), 'INVALID_ARGUMENT', 'Empty key');
  }
  for (const method of ['Set', 'Lock', 'Unlock', 'Delete', 'Pop']) {
    await refused(alice.call(method, { key: 'keyquarry' }), 'INVALID_ARGUMENT', RESERVED);
  }
  for (const method of ['Unlock', 'Delete', 'Pop']) {
    await refused(alice.call(method, { key: 'absent' }), 'FAILED_PRECONDITION', READ_ONLY);
    await refused(alice.call(method, { key: '' }), 'FAILED_PRECONDITION', READ_ONLY);
  }
  await refused(
    alice.call('Set', { key: 'k'.repeat(65) }), 'FAILED_PRECONDITION', READ_ONLY);
  assert.equal(await alice.get('kept'), 'x');
  assert.deepEqual(await door.as('late').call('Register'), { success: true, client_id: '' });
  assert.deepEqual(await root.call('SetReadOnly', { enable: false }), { success: true });
  await alice.set('kept', 'y');
});

test('Prune is the operator\'s, and leaves what is locked or named', async () => {
  await clean();
  await refused(
    alice.admin('Prune', { prune_to: '0' }),
    'PERMISSION_DENIED', 'missing or invalid client ID for admin function');
  for (let i = 0; i < 10; i++) {
    await alice.set(`prune-${i}`, 'x', i === 3 ? { lock_duration: span(60) } : {});
    await pause(2);
  }
  assert.deepEqual(
    await root.admin('Prune', { prune_to: '4', ignore_keys: ['prune-0'] }), { pruned: '6' });
  const left = (await alice.call('ListKeys')).keys.sort();
  assert.equal(left.length, 4);
  assert.ok(left.includes('prune-0') && left.includes('prune-3'), left.join());
  assert.deepEqual(await root.admin('Prune', { prune_to: '100' }), { pruned: '0' });
  assert.deepEqual(await root.admin('Prune', { prune_to: '0' }), { pruned: '3' });
  assert.deepEqual((await alice.call('ListKeys')).keys, ['prune-3']);
  const stats = await alice.call('Stats');
  assert.equal(stats.events.expunged, '9');
  assert.ok(Number(stats.prune_completed) >= 1);
});

test('health and reflection answer', async () => {
  const health = await door.raw('/grpc.health.v1.Health/Check', Buffer.alloc(0));
  assert.deepEqual([...health], [8, 1]);
  const same = (buffer) => buffer;
  const call = door.services.keyquarry.makeBidiStreamRequest(
    '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo', same, same);
  // The request's field 7, empty: list the services.
  call.write(Buffer.from([0x3a, 0]));
  const listed = await new Promise((resolve, reject) => {
    call.on('data', resolve);
    call.on('error', reject);
  });
  call.end();
  for (const service of ['keyquarry.KeyQuarry', 'keyquarry.Admin', 'grpc.health.v1.Health']) {
    assert.ok(listed.includes(service), service);
  }
});

test('a method that nobody has is unimplemented', async () => {
  const error = await door.raw('/keyquarry.KeyQuarry/Nothing', Buffer.alloc(0)).catch((e) => e);
  assert.equal(error.code, 12);
});

test('every method was called', () => {
  const answered = [...methods('keyquarry.KeyQuarry'), ...methods('keyquarry.Admin')]
    .filter((name) => !name.startsWith('Watch'));
  assert.deepEqual([...door.used, 'Shutdown'].filter((v, i, all) => all.indexOf(v) === i).sort(),
    answered.sort());
});

const LEASED = ['leased/a', 'leased/b', 'leased/c'];

async function putOn(lease) {
  for (const key of LEASED) {
    await alice.v1('Set', { key: Buffer.from(key), value: Buffer.from('v'), lifespan: { lease } });
  }
}

test('a lease holds many keys, and is revoked with all of them', async () => {
  const { lease } = await alice.leases('GrantLease', { length: span(60) });
  await putOn(lease);
  const watcher = await alice.watch('Watch', { prefix: Buffer.from('leased/') }, 'v1');
  assert.equal((await alice.leases('RenewLease', { lease })).keys, LEASED.length);
  assert.equal(await alice.get('leased/a'), 'v');
  const state = await alice.leases('InspectLease', { lease, keys: true });
  assert.deepEqual(state.keys.map(String).sort(), LEASED);

  assert.equal((await alice.leases('RevokeLease', { lease })).deleted, LEASED.length);

  const told = [];
  while (told.length < LEASED.length) {
    const [message] = await watcher.take(1);
    told.push(...(message.events?.events ?? []).map((event) => `${event.kind} ${event.key}`));
  }
  assert.deepEqual(told.sort(), LEASED.map((key) => `EVENT_KIND_DELETED ${key}`));
  await refused(alice.call('Get', { key: 'leased/a' }), 'NOT_FOUND', 'Key not found');
  watcher.cancel();
});

test('a lease that nobody renews ends with all its keys', async () => {
  const watcher = await alice.watch('Watch', { prefix: Buffer.from('leased/') }, 'v1');
  // On a busy machine it may end before all keys are on it.
  const lease = await eventually(async () => {
    const granted = await alice.leases('GrantLease', { length: span(0.6) });
    return putOn(granted.lease).then(() => granted.lease, () => null);
  }, 'keys on the lease');
  const latest = new Map();
  while (LEASED.some((key) => latest.get(key) !== 'EVENT_KIND_EXPIRED')) {
    const [message] = await watcher.take(1);
    (message.events?.events ?? []).forEach((event) => latest.set(`${event.key}`, event.kind));
  }
  const ended = ['NOT_FOUND', `lease ${lease}: it has ended, or never was`];
  await refused(alice.leases('RenewLease', { lease }), ...ended);
  await refused(alice.v1('Set', { key: Buffer.from('x'), lifespan: { lease } }), ...ended);
  assert.equal((await alice.v1('Count', { prefix: Buffer.from('leased/') })).keys, '0');
  watcher.cancel();
});

test('Shutdown is the operator\'s, and stops the server', async () => {
  await refused(
    alice.admin('Shutdown'),
    'PERMISSION_DENIED', 'missing or invalid client ID for admin function');
  assert.deepEqual(await root.admin('Shutdown'), {});
});
