/**
 * A program that adds its name to a list in a folder again and again, until it is killed: `node appendForever.js FOLDER NAME`. What the store said was written goes into a file of its own, a line for each
 * entry: its place in the list. Ends when its standard input does, so that it does not outlast who started it.
 */
import { appendFileSync } from 'node:fs';
import { folderObjects } from '../folderObjects.ts';

const [folder = '', name = ''] = process.argv.slice(2);
process.stdin.on('end', () => process.exit()).resume();
const store = folderObjects(`${folder}/store`);
const [decoder, encoder] = [new TextDecoder(), new TextEncoder()];
for (let k = 0; ; k++) {
  for (;;) {
    const found = await store.read('list.json');
    const list: string[] = found ? JSON.parse(decoder.decode(found.bytes)) : [];
    const bytes = encoder.encode(JSON.stringify([...list, `${name}.${k}`]));
    if (await store.write('list.json', bytes, found ? { version: found.version } : 'absent')) {
      appendFileSync(`${folder}/${name}.log`, `${list.length} ${name}.${k}\n`);
      break;
    }
  }
}
