// The RESP door as the package ioredis sees it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, test } from 'node:test';

const fetched = createRequire(path.join(process.env.MODULES, 'package.json'));
const { Redis } = fetched('ioredis');
const [host, port] = process.env.ADDRESS.split(':');
const clients = [];

function client(options = {}) {
  const made = new Redis({ host, port: Number(port), retryStrategy: () => null, ...options });
  clients.push(made);
  return made;
}

after(() => clients.forEach((each) => each.disconnect()));

test('strings, deadlines and scans', async () => {
  const redis = client({ connectionName: 'io' });
  await redis.flushall();
  assert.equal(await redis.client('GETNAME'), 'io');
  assert.equal(await redis.set('a', '1', 'EX', 100, 'NX'), 'OK');
  assert.equal(await redis.set('a', '2', 'NX'), null);
  assert.equal(await redis.incr('a'), 2);
  assert.ok((await redis.ttl('a')) > 90);
  assert.deepEqual(await redis.mget('a', 'none'), ['2', null]);
  assert.equal(await redis.setrange('b', 2, 'x'), 3);
  assert.deepEqual(await redis.getBuffer('b'), Buffer.from([0, 0, 120]));
  await redis.mset(new Map(Array.from({ length: 500 }, (_, i) => [`k${i}`, `${i}`])));
  const found = new Set();
  for await (const keys of redis.scanStream({ match: 'k*', count: 20 })) {
    keys.forEach((key) => found.add(key));
  }
  assert.equal(found.size, 500);
  await assert.rejects(redis.hset('h', 'f', 'v'), /unknown command/);
});

test('pipelines and transactions', async () => {
  const redis = client();
  await redis.del('n');
  const replies = await redis.pipeline().set('n', '1').incr('n').get('n').incr('n').exec();
  assert.deepEqual(replies.map(([, reply]) => reply), ['OK', 2, '2', 3]);
  assert.deepEqual(await redis.multi().incr('n').get('n').exec(), [[null, 4], [null, '4']]);
  await redis.watch('n');
  await client().set('n', '9');
  assert.equal(await redis.multi().incr('n').exec(), null);
});

test('many pipelines at once are answered in their order', async () => {
  const redis = client({ enableAutoPipelining: true });
  await redis.set('count', 0);
  const numbers = await Promise.all(Array.from({ length: 2000 }, () => redis.incr('count')));
  assert.deepEqual(numbers, Array.from({ length: 2000 }, (_, i) => i + 1));
});

for (const protocol of [2, 3]) {
  test(`channels, RESP${protocol}`, async () => {
    const subscriber = client({ protocol });
    await subscriber.subscribe('news');
    await subscriber.psubscribe('n?ws');
    const plain = once(subscriber, 'message');
    const pattern = once(subscriber, 'pmessage');
    assert.equal(await client().publish('news', 'hello'), 2);
    assert.deepEqual(await plain, ['news', 'hello']);
    assert.deepEqual(await pattern, ['n?ws', 'news', 'hello']);
    assert.equal(await subscriber.unsubscribe('news'), 1);
    assert.equal(await subscriber.punsubscribe('n?ws'), 0);
    assert.equal(await subscriber.ping(), 'PONG');
  });
}

test('a cache that is kept true by a client that others are redirected to', async () => {
  const listener = client({ protocol: 2 });
  const id = await listener.client('ID');
  await listener.subscribe('__redis__:invalidate');
  const redis = client();
  assert.equal(await redis.client('TRACKING', 'ON', 'REDIRECT', id), 'OK');
  await redis.get('tracked');
  const told = once(listener, 'message');
  await client().set('tracked', '1');
  const [channel, keys] = await told;
  assert.equal(channel, '__redis__:invalidate');
  assert.equal(String(keys), 'tracked');
});
