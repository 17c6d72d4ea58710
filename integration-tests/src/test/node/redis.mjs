// The RESP door as the package redis sees it, in RESP2 and RESP3.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';

const fetched = createRequire(path.join(process.env.MODULES, 'package.json'));
const { createClient, BasicClientSideCache } = fetched('redis');
const [host, port] = process.env.ADDRESS.split(':');

async function connected(options, action) {
  const client = createClient({ socket: { host, port: Number(port), reconnectStrategy: false }, ...options });
  const failures = [];
  client.on('error', (failure) => failures.push(failure));
  await client.connect();
  try {
    await action(client);
  } finally {
    client.destroy();
  }
  assert.deepEqual(failures, []);
}

async function eventually(attempt) {
  const deadline = Date.now() + 20_000;
  while (!(await attempt())) {
    assert.ok(Date.now() < deadline, 'not in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

for (const RESP of [2, 3]) {
  test(`strings and deadlines, RESP${RESP}`, () => connected({ RESP, name: 'node' }, async (client) => {
    await client.flushAll();
    assert.equal(await client.ping(), 'PONG');
    assert.equal(await client.clientGetName(), 'node');
    assert.equal(await client.set('a', '1', { expiration: { type: 'EX', value: 100 }, condition: 'NX' }), 'OK');
    assert.equal(await client.set('a', '2', { condition: 'NX' }), null);
    assert.equal(await client.set('a', '2', { GET: true, expiration: 'KEEPTTL' }), '1');
    assert.ok((await client.ttl('a')) > 90);
    assert.equal(await client.incrBy('a', 40), 42);
    assert.equal(await client.incrByFloat('a', 0.5), '42.5');
    assert.deepEqual(await client.mGet(['a', 'none']), ['42.5', null]);
    assert.equal(await client.mSet({ b: 'x', c: 'y' }), 'OK');
    assert.equal(await client.append('b', 'yz'), 3);
    assert.equal(await client.getRange('b', 1, -1), 'yz');
    assert.equal(await client.getEx('b', { type: 'PX', value: 50_000 }), 'xyz');
    assert.ok((await client.pTTL('b')) > 40_000);
    assert.ok(await client.persist('b'));
    assert.equal(await client.getDel('b'), 'xyz');
    assert.equal(await client.exists(['a', 'b', 'c']), 2);
    assert.equal(await client.type('a'), 'string');
    assert.equal(await client.rename('c', 'd'), 'OK');
    assert.ok(await client.copy('d', 'e'));
    assert.equal(await client.del(['d', 'e']), 2);
    await assert.rejects(client.incr('a'), /not an integer/);
    await assert.rejects(client.lPush('l', 'x'), /unknown command/);
  }));

  test(`scan finds every key once, RESP${RESP}`, () => connected({ RESP }, async (client) => {
    await client.flushAll();
    await client.mSet(Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, 'v'])));
    const found = [];
    for await (const keys of client.scanIterator({ MATCH: 'k*', COUNT: 50 })) {
      found.push(...keys);
    }
    assert.equal(found.length, 1000);
    assert.equal(new Set(found).size, 1000);
    assert.equal((await client.keys('k99*')).length, 11);
  }));

  test(`pipelines, RESP${RESP}`, () => connected({ RESP }, async (client) => {
    await client.flushAll();
    const numbers = await Promise.all(Array.from({ length: 2000 }, () => client.incr('count')));
    assert.deepEqual(numbers, Array.from({ length: 2000 }, (_, i) => i + 1));
    const replies = await client.multi().set('p', '1').incr('p').get('none').execAsPipeline();
    assert.deepEqual(replies, ['OK', 2, null]);
  }));

  test(`transactions, RESP${RESP}`, () => connected({ RESP }, async (client) => {
    await client.flushAll();
    await client.watch('fleeting');
    await connected({ RESP }, async (other) => {
      await other.set('fleeting', '1');
      await other.del('fleeting');
    });
    await assert.rejects(client.multi().set('x', '1').exec(), /watched keys/);
    assert.deepEqual(
      await client.multi().set('from', '1').rename('from', 'to').get('to').exec(), ['OK', 'OK', '1']);
    assert.deepEqual(await client.multi().set('n', '1').incr('n').get('n').exec(), ['OK', 2, '2']);
    await client.watch('n');
    await connected({ RESP }, (other) => other.set('n', '7'));
    await assert.rejects(client.multi().incr('n').exec(), /watched keys/);
    assert.equal(await client.get('n'), '7');
  }));

  test(`channels and notifications, RESP${RESP}`, () => connected({ RESP }, async (subscriber) => {
    await connected({ RESP }, async (publisher) => {
      const heard = [];
      await subscriber.subscribe('news', (message, channel) => heard.push([channel, message]));
      await subscriber.pSubscribe('n*', (message, channel) => heard.push([`*${channel}`, message]));
      assert.equal(await publisher.publish('news', 'hello'), 2);
      await eventually(() => heard.length === 2);
      assert.deepEqual(heard.sort(), [['*news', 'hello'], ['news', 'hello']]);
      await subscriber.unsubscribe('news');
      await subscriber.pUnsubscribe('n*');

      const expired = [];
      await publisher.configSet('notify-keyspace-events', 'Ex');
      await subscriber.subscribe('__keyevent@0__:expired', (key) => expired.push(key));
      await publisher.set('short', 'v', { expiration: { type: 'PX', value: 20 } });
      await eventually(() => expired.length === 1);
      assert.deepEqual(expired, ['short']);
      await publisher.configSet('notify-keyspace-events', '');
    });
  }));
}

test('a cache on the client\'s side stays true', () => {
  const clientSideCache = new BasicClientSideCache();
  return connected({ RESP: 3, clientSideCache }, async (client) => {
    await connected({ RESP: 3 }, async (other) => {
      await other.set('cached', '1');
      assert.equal(await client.get('cached'), '1');
      assert.equal(await client.get('cached'), '1');
      assert.equal(clientSideCache.stats().hitCount, 1);
      await other.set('cached', '2');
      await eventually(async () => (await client.get('cached')) === '2');
    });
  });
});

test('our own commands', () => connected({ RESP: 3 }, async (client) => {
  await client.flushAll();
  assert.deepEqual(await client.sendCommand(['CL.THROTTLE', 'node', '2', '1', '60']), [0, 3, 2, -1, 60]);
  assert.equal(await client.sendCommand(['MF.HIT', 'node', 'ann']), 1);
  assert.equal(await client.sendCommand(['MF.COUNT', 'node']), 1);
  const token = await client.sendCommand(['MF.LOCK', 'a', '10000', 'CREATE']);
  assert.ok(token > 0);
  await connected({ RESP: 3, name: 'other' }, (other) => assert.rejects(other.set('a', '1'), /^\S*\s?LOCKED/));
  assert.equal(await client.sendCommand(['MF.UNLOCK', 'a', String(token)]), 'OK');
}));
