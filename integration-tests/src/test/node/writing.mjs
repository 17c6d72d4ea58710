// Writes WRITES changes, some of them removals, and prints each once it is done.
import { writeSync } from 'node:fs';
import { Door } from './door.mjs';

const door = new Door();
const writer = door.as('writer');
for (let i = 0; i < Number(process.env.WRITES); i++) {
  const key = `w/${i % 7}`;
  if (i % 11 === 10 && (await writer.call('Exists', { key })).exists) {
    const { value } = await writer.call('Pop', { key });
    writeSync(1, `DELETED:${key}:${value}\n`);
  } else {
    const { is_new: isNew } = await writer.set(key, `${i}`);
    writeSync(1, `${isNew ? 'CREATED' : 'UPDATED'}:${key}:${i}\n`);
  }
}
door.close();
