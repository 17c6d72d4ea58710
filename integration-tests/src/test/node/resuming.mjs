// Watches and prints what it is told, each message on a line with where to resume after it; a line
// without its final dot was cut. Given TOKEN it goes on there. Runs until it is killed.
import { writeSync } from 'node:fs';
import { Door } from './door.mjs';

const start = process.env.TOKEN ? { resume_token: process.env.TOKEN } : {};
const stream = new Door().as('watcher').stream(
  'Watch',
  { prefixes: [Buffer.from('w/')], values: true, progress_interval: { nanos: 100_000_000 }, ...start },
  'v1');
stream.begun.then(() => writeSync(1, 'begun - .\n'));
stream.call.on('error', (error) => writeSync(1, `error - ${error} .\n`));
stream.call.on('data', (message) => {
  const told = (message.events?.events ?? []).map(
    (event) => `${event.kind.replace('EVENT_KIND_', '')}:${event.key}:${event.value ?? ''}`);
  // One write, so that a kill leaves all of it or nothing.
  writeSync(1, `${message.kind} ${message.resume_token || '-'} ${told.join(' ')} .\n`);
});
