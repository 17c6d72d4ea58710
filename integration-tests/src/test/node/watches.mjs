// The streams of keyquarry: order, filters, values, and how they end.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Door, eventually, methods, pause, span } from './door.mjs';

const door = new Door();
const alice = door.as('alice');
const bob = door.as('bob');
const root = door.as('root');

after(() => door.close());

function watch(caller, request) {
  return caller.watch('WatchStream', request);
}

function watchKey(caller, key) {
  return caller.watch('WatchKeyValue', { key });
}

function told(event) {
  return `${event.event} ${event.key} ${event.client_id}`;
}

function value(message) {
  return `${message.key_event} ${message.value} ${message.version} ${message.event_client_id}`;
}

async function cancelled(stream) {
  stream.cancel();
  const error = await stream.end();
  assert.equal(error.code, 1);
}

test('a caller without an id of its own is refused', async () => {
  for (const method of ['WatchStream', 'WatchKeyValue']) {
    for (const [id, message] of [
      [null, 'reserved client_id used'],
      ['', 'empty client_id'],
      ['keyquarry', 'reserved client_id used'],
    ]) {
      const error = await door.as(id).stream(method, { key: 'k' }).end();
      assert.deepEqual([error.code, error.details], [3, message]);
    }
  }
});

test('WatchStream tells everything, in order, and who did it', async () => {
  const stream = await watch(bob, { keys: ['all'] });
  await alice.set('other', 'x');
  await alice.set('all', '1');
  await bob.set('all', '2', { lifespan: span(600), lock_duration: span(60) });
  await bob.set('all', '2');
  await bob.get('all');
  await bob.call('Unlock', { key: 'all' });
  await alice.call('Pop', { key: 'all' });
  const events = await stream.take(9);
  // Reads are told beside the order of the changes.
  assert.deepEqual(events.map(told).filter((text) => !text.startsWith('ACC')), [
    'CREATED all alice', 'LIFESPAN_SET all bob', 'LOCKED all bob', 'UPDATED all bob',
    'LIFESPAN_RENEWED all bob', 'UNLOCKED all bob', 'DELETED all alice',
  ]);
  assert.deepEqual(
    events.map(told).filter((text) => text.startsWith('ACC')).sort(),
    ['ACCESSED all alice', 'ACCESSED all bob']);
  events.forEach((event) => assert.ok(event.time.seconds > 0));
  await cancelled(stream);
});

test('WatchStream tells of ends that nobody asked for', async () => {
  const stream = await watch(bob, { keys: ['ends'] });
  await alice.set('ends', 'x', { lifespan: span(0.4), lock_duration: span(0.2) });
  assert.deepEqual((await stream.take(5)).map(told), [
    'CREATED ends alice', 'LIFESPAN_SET ends alice', 'LOCKED ends alice', 'UNLOCKED ends keyquarry',
    'EXPIRED ends keyquarry',
  ]);
  await alice.set('ends', 'x', { lifespan: span(0.2), lock_duration: span(60) });
  assert.deepEqual((await stream.take(5)).slice(3).map(told), [
    'UNLOCKED ends keyquarry', 'EXPIRED ends keyquarry',
  ]);
  await alice.set('ends', 'x');
  await root.call('Clear');
  assert.deepEqual((await stream.take(2)).map(told), ['CREATED ends alice', 'DELETED ends root']);
  await alice.set('ends', 'x');
  await root.admin('Prune', { prune_to: '0' });
  assert.deepEqual(
    (await stream.take(2)).map(told), ['CREATED ends alice', 'EXPUNGED ends keyquarry']);
  await cancelled(stream);
});

test('WatchStream keeps to its filters', async () => {
  const kinds = await watch(bob, { keys: ['f1', 'f2'], events: ['DELETED', 'LOCKED'] });
  const clients = await watch(bob, { client_ids: ['carol'] });
  for (const caller of [alice, door.as('carol')]) {
    for (const key of ['f1', 'f2', 'f3']) {
      await caller.set(key, 'x', { lock_duration: span(60) });
      await caller.call('Delete', { key });
    }
  }
  assert.deepEqual((await kinds.take(8)).map(told).slice(0, 4), [
    'LOCKED f1 alice', 'DELETED f1 alice', 'LOCKED f2 alice', 'DELETED f2 alice',
  ]);
  assert.deepEqual((await clients.take(9)).map(told).slice(0, 3), [
    'CREATED f1 carol', 'LOCKED f1 carol', 'DELETED f1 carol',
  ]);
  await cancelled(kinds);
  await cancelled(clients);
});

test('WatchStream of nothing but NO_EVENT tells nothing', async () => {
  const none = await watch(bob, { keys: ['none'], events: ['NO_EVENT'] });
  const some = await watch(bob, { keys: ['none'], events: ['NO_EVENT', 'DELETED'] });
  await alice.set('none', 'x', { lifespan: span(60), lock_duration: span(60) });
  await alice.get('none');
  await alice.call('Delete', { key: 'none' });
  assert.deepEqual((await some.take(1)).map(told), ['DELETED none alice']);
  await pause(100);
  assert.equal(none.messages.length, 0);
  assert.equal(some.messages.length, 0);
  await cancelled(none);
  await cancelled(some);
});

test('one client may have many watches, all alike', async () => {
  const streams = [];
  for (let i = 0; i < 5; i++) {
    streams.push(await watch(bob, { keys: ['many'] }), await watchKey(bob, 'many'));
  }
  await alice.set('many', 'x');
  for (const stream of streams) {
    const [message] = await stream.take(1);
    assert.equal(message.event ?? message.key_event, 'CREATED');
    await cancelled(stream);
  }
  await eventually(
    async () => (await alice.call('Stats')).event_subscribers === '0', 'no watch is left');
});

test('WatchKeyValue begins with the value and tells each after it', async () => {
  await alice.set('value', 'one', { content_type: 'text/x-one' });
  const stream = await watchKey(bob, 'value');
  const [first] = await stream.take(1);
  assert.equal(value(first), 'NO_EVENT one 1 keyquarry');
  assert.equal(first.content_type, 'text/x-one');
  assert.equal(first.hash, (await alice.call('Inspect', { key: 'value' })).hash);
  assert.equal(first.event_timestamp ?? null, null);

  await alice.set('value', 'two');
  await alice.call('Delete', { key: 'value' });
  await alice.set('value', 'three', { lifespan: span(0.2) });
  const later = await stream.take(4);
  assert.deepEqual(later.map(value), [
    'UPDATED two 2 alice', 'DELETED two 2 alice', 'CREATED three 1 alice',
    'EXPIRED three 1 keyquarry',
  ]);
  later.forEach((message) => assert.ok(message.event_timestamp.seconds > 0));
  await alice.set('value', 'four');
  await root.admin('Prune', { prune_to: '0' });
  assert.deepEqual((await stream.take(2)).map(value), [
    'CREATED four 1 alice', 'EXPUNGED four 1 keyquarry',
  ]);
  await cancelled(stream);
});

test('WatchKeyValue of a missing key waits for it', async () => {
  const stream = await watchKey(bob, 'later');
  await alice.set('later', 'x');
  assert.deepEqual((await stream.take(1)).map(value), ['CREATED x 1 alice']);
  await cancelled(stream);
});

test('WatchKeyValue shows no value that another client has locked', async () => {
  await alice.set('secret', 'one', { lock_duration: span(60) });
  const stream = await watchKey(bob, 'secret');
  await alice.set('secret', 'two');
  await alice.call('Unlock', { key: 'secret' });
  assert.deepEqual((await stream.take(1)).map(value), ['UNLOCKED two 2 alice']);
  await alice.set('secret', 'three');
  assert.deepEqual((await stream.take(1)).map(value), ['UPDATED three 3 alice']);
  await cancelled(stream);
});

test('no update is lost between the first value and the stream', async () => {
  const rounds = 40;
  for (let round = 0; round < rounds; round++) {
    const key = `race-${round}`;
    await alice.set(key, '1');
    const writes = (async () => {
      for (let i = 2; i <= 20; i++) {
        await alice.set(key, `${i}`);
      }
    })();
    const stream = bob.stream('WatchKeyValue', { key });
    await writes;
    await stream.until(
      () => stream.messages.length > 0 && stream.messages.at(-1).value.toString() === '20',
      'the last value');
    const versions = stream.messages.map((message) => Number(message.version));
    assert.deepEqual(
      stream.messages.map((message) => message.key_event),
      versions.map((_, i) => (i === 0 ? 'NO_EVENT' : 'UPDATED')), key);
    assert.deepEqual(versions, Array.from(versions, (_, i) => versions[0] + i), key);
    await cancelled(stream);
  }
});

test('every event of many writers arrives once, each key in its order', async () => {
  const keys = 20;
  const writes = 100;
  const streams = [await watch(bob, { events: ['CREATED', 'UPDATED'] }),
    await watch(alice, { events: ['CREATED', 'UPDATED'] })];
  const written = [];
  for (let k = 0; k < keys; k++) {
    written.push((async () => {
      const caller = door.as(`writer-${k}`);
      for (let i = 0; i < writes; i++) {
        await caller.set(`order-${k}`, `${i}`);
      }
    })());
  }
  await Promise.all(written);
  const [first, second] = await Promise.all(streams.map((stream) => stream.take(keys * writes)));
  assert.deepEqual(first.map(told), second.map(told));
  for (let k = 0; k < keys; k++) {
    const own = first.filter((event) => event.key === `order-${k}`);
    assert.equal(own.length, writes);
    assert.equal(own[0].event, 'CREATED');
    assert.ok(own.slice(1).every((event) => event.event === 'UPDATED'));
  }
  await pause(100);
  for (const stream of streams) {
    assert.equal(stream.messages.length, 0);
    await cancelled(stream);
  }
});

test('watches end at once with the server, and say why', async () => {
  assert.deepEqual(
    methods('keyquarry.KeyQuarry').filter((name) => name.startsWith('Watch')).sort(),
    [...door.used].filter((name) => name.startsWith('Watch')).sort());
  const streams = [await watch(bob, {}), await watchKey(bob, 'stop')];
  await root.admin('Shutdown');
  for (const stream of streams) {
    const error = await stream.end();
    assert.deepEqual([error.code, error.details], [14, 'server is shutting down']);
  }
});
