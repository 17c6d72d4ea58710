// One of two clients that fight for a lock, for SECONDS. Whoever has it works on a guarded key and
// hands its fencing token along; what a token does that is not the newest must not count.
// Prints each time that it had the lock: token, when it got it, when it gave it back, by the clock
// that all processes share.
import assert from 'node:assert/strict';
import { writeSync } from 'node:fs';
import { Door, span } from './door.mjs';

// Pings as often as clients of the old kind may have been told not to.
const door = new Door(process.env.ADDRESS, {
  'grpc.keepalive_time_ms': 10_000, 'grpc.keepalive_permit_without_calls': 1,
});
const me = door.as(process.env.NAME);
const key = Buffer.from('ring');
const ROUNDS_MIN = 10;
const end = Date.now() + Number(process.env.SECONDS) * 1000;
let cut = null;
const watch = await me.watch('WatchStream', { keys: ['quiet'] });
watch.call.on('error', (error) => {
  cut = error;
});

// A compare-and-set under the token: refused for one that is older than what the key has seen.
async function work(token) {
  const { entry } = await me.v1('Get', { key: Buffer.from('guarded') });
  const seen = entry ? BigInt(entry.value.toString()) : 0n;
  assert.ok(token > seen, `token ${token} after ${seen}`);
  const { swapped } = await me.v1('CompareAndSet', {
    key: Buffer.from('guarded'), value: Buffer.from(`${token}`), expected_revision: entry?.revision ?? '0',
  });
  assert.ok(swapped, 'another wrote meanwhile');
}

let rounds = 0;
// A busy machine may be slow, but not so slow that one of them never has its turn.
while (Date.now() < end || rounds < ROUNDS_MIN) {
  const { fencing_token: token } = await me.locks('Lock', {
    key, duration: span(60), create_if_missing: true, wait: span(60),
  });
  const got = process.hrtime.bigint();
  await work(BigInt(token));
  const gone = process.hrtime.bigint();
  if (++rounds % 10 === 0) {
    // A token that is not the one held frees nothing.
    await assert.rejects(
      me.locks('Unlock', { key, fencing_token: `${BigInt(token) - 1n}` }), { code: 7 });
  }
  const { unlocked } = await me.locks('Unlock', { key, fencing_token: token });
  assert.equal(unlocked, true);
  writeSync(1, `${token} ${got} ${gone}\n`);
}
assert.equal(cut, null);
watch.cancel();
door.close();
