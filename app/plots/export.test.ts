import { expect, it, vi } from 'vitest';
import { createHistogram } from '../../core/hist/contents.ts';
import { copyNumbers } from './export.ts';

const axis = { type: 'regular', bins: 2, lo: 0, hi: 2, scale: 'linear', name: 'x' } as const;

it('numbers that the browser does not let the page copy say so', async () => {
  vi.stubGlobal('navigator', { clipboard: { writeText: () => Promise.reject(new DOMException('NotAllowedError')) } });
  const copied = copyNumbers(Promise.resolve(createHistogram([axis], 'count')));
  await expect(copied).rejects.toMatchObject({ message: "this browser doesn't let the page copy" });
  vi.unstubAllGlobals();
});
