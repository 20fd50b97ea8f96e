import { expect, test } from 'vitest';
import { fromPlain, LumiscopeError, toPlain } from './errors.ts';

test('errors survive a thread border', () => {
  const place = { file: 'a', span: [1, 2] as [number, number] };
  const error = new LumiscopeError('format', 'page is corrupt', { hint: 'copy it again', place });
  const { tag, message, hint, place: same } = fromPlain(structuredClone(toPlain(error)));
  expect({ tag, message, hint, same }).toEqual({
    tag: 'format',
    message: 'page is corrupt',
    hint: 'copy it again',
    same: place,
  });
});

test('running out of memory is a limit, not a fault of the file', () => {
  expect(toPlain(new RangeError('Array buffer allocation failed'))).toMatchObject({ tag: 'limit' });
  expect(toPlain(new RangeError('Offset is outside the bounds of the DataView'))).toMatchObject({ tag: 'format' });
});

test('an abort is a cancellation, and what is no error at all has a message', () => {
  expect(toPlain(AbortSignal.abort().reason)).toMatchObject({ tag: 'cancelled' });
  expect(toPlain('broken')).toMatchObject({ tag: 'format', message: 'broken' });
});
