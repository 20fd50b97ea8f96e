import { expect, test } from 'vitest';
import { parseQuery } from './query.ts';
import { chosenOf, completeQuery, withChosen } from './queryText.ts';

const VALUES: Record<string, string[]> = {
  stream_name: ['physics_Main', 'express_express'],
  state: ['validated', 'failed'],
  state_details: ['no such file, at all'],
};

/** The cursor is the bar. */
function complete(text: string): { took: string; options: string[] } | undefined {
  const cursor = text.indexOf('|');
  const plain = text.replace('|', '');
  const found = completeQuery(plain, cursor, (field) => VALUES[field] ?? []);
  return found && { took: plain.slice(found.from, found.to), options: found.options.map((option) => option.text) };
}

test.each<[string, string, string[]]>([
  ['st|', 'st', ['stream_name:', 'step:', 'state:', 'state_details:', 'state_time:']],
  ['AOD -stre|', 'stre', ['stream_name:']],
  ['typ|e', 'type', ['type:']],
  ['typ|e:AOD', 'type:', ['type:']],
  ['stream:|', '', ['physics_Main', 'express_express']],
  ['stream:phys|ics x', 'physics', ['physics_Main']],
  ['-state:failed,v|', 'v', ['validated']],
  ['state_details:no|', 'no', ['"no such file, at all"']],
  ['has_raw:|', '', ['yes', 'no']],
])('%s completes %j to %j', (text, took, options) => {
  const found = complete(text);
  expect(found?.took).toBe(took);
  expect(found?.options).toEqual(options);
});

test.each(['|', 'AOD |', 'zzz|', 'run:35|', 'colour:r|'])('%s has nothing to complete', (text) => {
  expect(complete(text)).toBeUndefined();
});

test.each<[string, string, string[], string]>([
  ['', 'state', ['failed'], 'state:failed'],
  ['AOD', 'state', ['failed', 'validated'], 'AOD state:failed,validated'],
  ['AOD state:failed run:1', 'state', [], 'AOD run:1'],
  ['state:failed run:1', 'state', ['failed', 'validated'], 'state:failed,validated run:1'],
  ['stream:a b', 'stream_name', ['c d', ''], 'stream_name:"c d",none b'],
  ['-state:failed', 'state', ['validated'], '-state:failed state:validated'],
])('%j with other %s is %j: %j', (text, field, values, written) => {
  expect(withChosen(text, field, values)).toBe(written);
  expect([...chosenOf(parseQuery(written), field).values].sort()).toEqual(
    values.map((value) => value || 'none').sort(),
  );
});
