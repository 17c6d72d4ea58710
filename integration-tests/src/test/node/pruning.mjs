// A server that prunes: by schedule, or at once, as ROUND says.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Door, eventually, pause, span } from './door.mjs';

const door = new Door();
const alice = door.as('alice');

after(() => door.close());

async function keys() {
  return (await alice.call('ListKeys')).keys;
}

const rounds = { scheduled, eager, full };
test(process.env.ROUND, rounds[process.env.ROUND]);

// Without a target it leaves nine tenths.
async function scheduled() {
  for (let i = 0; i < 20; i++) {
    await alice.set(`key-${i}`, 'x');
  }
  await eventually(async () => (await keys()).length === 18, 'a prune');
  const stats = await alice.call('Stats');
  assert.deepEqual([stats.keys, stats.events.expunged], ['18', '2']);
}

// It spares the newest key, locked ones, and what is used most.
async function eager() {
  await alice.set('locked', 'x', { lock_duration: span(60) });
  await alice.set('used', 'x');
  for (let i = 0; i < 60; i++) {
    await alice.set(`key-${i}`, 'x');
    await alice.get('used');
    assert.ok((await alice.call('Exists', { key: `key-${i}` })).exists, `key-${i} is the newest`);
    await pause(2);
  }
  await eventually(async () => (await keys()).length <= 10, 'room');
  const left = await keys();
  assert.ok(left.includes('locked') && left.includes('used'), left.join());
  const stats = await alice.call('Stats');
  assert.ok(Number(stats.eager_prune_triggered) > 0);
  assert.equal(Number(stats.keys) + Number(stats.events.expunged), 62);
}

// At the limit it makes room before it refuses.
async function full() {
  await alice.set('locked', 'x', { lock_duration: span(60) });
  for (let i = 0; i < 60; i++) {
    assert.deepEqual(await alice.set(`key-${i}`, 'x'), { success: true, is_new: true });
    assert.ok((await alice.call('Exists', { key: `key-${i}` })).exists, `key-${i} is the newest`);
    assert.ok(Number((await alice.call('Stats')).keys) <= 10);
  }
  assert.ok((await alice.call('Exists', { key: 'locked' })).exists);
}
