import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { type PickList, parsePickList } from '../../core/catalogue/pickList.ts';
import { EXIT, Failure } from '../failure.ts';

/** Wrong lines that are named one by one. */
const FEW = 20;

/** Events of a file, or of `-` for standard input. @throws Failure where it can't be read or some line is no event */
export async function readListFile(path: string): Promise<PickList> {
  return readList(path === '-' ? await textOf(process.stdin) : await fileText(path), path);
}

/** Events of a text. What can't be read is said, and ends the command: an answer would miss it. @param from as an error calls it */
export function readList(text: string, from: string): PickList {
  const list = parsePickList(text);
  if (list.wrong.length > 0) {
    const named = list.wrong.slice(0, FEW).map(({ line, text, reason }) => `  line ${line}: ${text}: ${reason}`);
    const more = list.wrong.length > FEW ? [`  and ${list.wrong.length - FEW} more`] : [];
    throw new Failure(EXIT.option, [`${from} is no list of events`, ...named, ...more].join('\n'));
  }
  if (list.count === 0) throw new Failure(EXIT.option, `${from} names no events`);
  return list;
}

function fileText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: Error) => {
    throw new Failure(EXIT.option, `can't read ${path}: ${error.message}`);
  });
}
