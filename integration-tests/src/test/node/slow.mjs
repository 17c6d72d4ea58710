// Watchers that stop reading, on a server whose log is short.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Door } from './door.mjs';

const door = new Door();
const writer = door.as('writer');
// A window of its own, as small as can be: what is not taken soon waits in the server's log.
const small = { 'grpc-node.flow_control_window': 65_535 };
const VALUE = Buffer.alloc(900, 'v');
const WRITES = 4000;

// Closed at the end, whatever fails: an open connection keeps the process alive.
const doors = [door];
after(() => doors.forEach((each) => each.close()));

function stalling() {
  const stalled = new Door(process.env.ADDRESS, small);
  doors.push(stalled);
  return stalled;
}

// Writes far more than the log holds, round and round over so many keys; goes on when those who are
// to miss nothing have come so far.
async function flood(prefix, keys = 50, caughtUp = async (writes) => writes) {
  const running = [];
  for (let i = 0; i < WRITES; i++) {
    running.push(writer.set(`${prefix}-${i % keys}`, `${i}-${VALUE}`));
    if (running.length === 100) {
      await Promise.all(running.splice(0));
      await caughtUp(i + 1);
    }
  }
  await Promise.all(running);
}

function prefixed(prefix, more = {}) {
  return { prefixes: [Buffer.from(prefix)], values: true, ...more };
}

async function last(prefix) {
  await writer.set(`${prefix}-last`, 'last');
}

const isLast = (event) => event.key.toString().endsWith('-last');

test('a watcher that stalls is told of the gap and goes on, another misses nothing', async () => {
  const stalled = stalling();
  const slow = await stalled.as('slow').watch('Watch', prefixed('gap'), 'v1');
  const quick = await door.as('quick').watch('Watch', prefixed('gap'), 'v1');
  slow.call.pause();

  const all = (stream) => stream.messages.flatMap((message) => message.events?.events ?? []);
  await flood('gap', 50, (writes) =>
    quick.until(() => all(quick).length >= writes, `${writes} events`));
  await last('gap');
  await quick.until(() => all(quick).some(isLast), 'the last event');
  slow.call.resume();
  await slow.until(() => all(slow).some(isLast), 'the last event');

  assert.equal(all(quick).length, WRITES + 1);
  assert.ok(quick.messages.every((message) => message.kind !== 'gap'));
  const revisions = all(quick).map((event) => Number(event.revision));
  const gaps = slow.messages.filter((message) => message.kind === 'gap').map(({ gap }) => gap);
  assert.equal(gaps.length, 1);
  // The two tell of every revision, once, and in order.
  const told = all(slow).map((event) => Number(event.revision));
  const resumed = Number(gaps[0].resumed_revision);
  const before = told.filter((revision) => revision < resumed);
  const missed = revisions.filter((revision) => revision > before.at(-1) && revision < resumed);
  assert.ok(missed.length > 0);
  assert.equal(Number(gaps[0].revisions), missed.length);
  assert.deepEqual(
    told, revisions.filter((revision) => !missed.includes(revision)));
  slow.cancel();
  quick.cancel();
});

test('a watcher that asks for it is cut off', async () => {
  const stalled = stalling();
  const slow = await stalled.as('slow').watch(
    'Watch', prefixed('cut', { slow_policy: 'SLOW_POLICY_DISCONNECT' }), 'v1');
  slow.call.pause();
  await flood('cut');
  slow.call.resume();
  const error = await slow.end();
  assert.equal(error.code, 15);
});

test('a watcher that coalesces gets the latest of each key', async () => {
  const stalled = stalling();
  const slow = await stalled.as('slow').watch(
    'Watch', prefixed('co', { slow_policy: 'SLOW_POLICY_COALESCE' }), 'v1');
  slow.call.pause();
  await flood('co');
  await last('co');
  slow.call.resume();
  const events = () => slow.messages.flatMap((message) => message.events?.events ?? []);
  await slow.until(() => events().some(isLast), 'the last event');
  assert.ok(events().length < WRITES);
  assert.ok(slow.messages.every((message) => message.kind !== 'gap'));
  const latest = new Map(events().map((event) => [event.key.toString(), event.value.toString()]));
  for (let i = WRITES - 50; i < WRITES; i++) {
    assert.equal(latest.get(`co-${i % 50}`), `${i}-${VALUE}`);
  }
  const revisions = events().map((event) => Number(event.revision));
  assert.deepEqual(revisions, [...revisions].sort((a, b) => a - b));
  slow.cancel();
});

test('a stream of the old kind that stalls ends with the number of what it missed', async () => {
  const stalled = stalling();
  const streams = [
    await stalled.as('slow').watch('WatchStream', { client_ids: ['writer'] }),
    await stalled.as('slow').watch('WatchKeyValue', { key: 'old-0' }),
  ];
  streams.forEach((stream) => stream.call.pause());
  await flood('old', 1);
  for (const stream of streams) {
    stream.call.resume();
    const error = await stream.end();
    assert.equal(error.code, 15);
    assert.match(error.details, /^the watcher did not keep up: \d+ revisions were passed over$/);
  }
});
