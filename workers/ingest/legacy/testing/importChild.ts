/** An import that is killed: `importChild.ts WORK DATASET FILE…`. Its second object is never sent, and each step is a line. */
import { BAD_LIMIT } from '../badLines.ts';
import { importRecords } from '../importRecords.ts';
import { openText } from '../textInput.ts';
import { MemoryReceiver } from './memoryReceiver.ts';
import { TEST_SIZE } from './sizes.ts';

const [work, dataset, ...paths] = process.argv.slice(2) as [string, string, ...string[]];
const receiver = new MemoryReceiver();
let uploads = 0;
// Keeps the process, while nothing answers.
setInterval(() => {}, 1000);
await importRecords({
  dataset,
  inputs: await Promise.all(paths.map((path) => openText(path, process.stdin))),
  work,
  receiver: Object.assign(receiver, { upload: () => new Promise<void>((done) => ++uploads < 2 && done()) }),
  job: 1,
  producer: 'child',
  declare: true,
  limit: BAD_LIMIT,
  ...TEST_SIZE,
  onProgress: ({ step }) => process.stdout.write(`${step}\n`),
});
