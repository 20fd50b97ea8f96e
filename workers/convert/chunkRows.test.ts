import { expect, it } from 'vitest';
import type { FileSummary } from '../formats/eventFile.ts';
import { type ChunkSource, chunkRows } from './chunkRows.ts';

it('reads nothing of a chunk of which no event is saved', async () => {
  const info = { name: 'x', type: 'float32', depth: 0, nullable: false } as const;
  const summary = { columns: [info], chunks: [{ begin: 0, end: 9 }], columnBytes: Float64Array.of(36) };
  const source: ChunkSource = {
    summary: summary as unknown as FileSummary,
    chunk: 0,
    read: () => Promise.reject(new Error('it was read')),
    check() {},
  };
  const spec = {
    columns: [{ info, from: { kind: 'column', column: 'x' } as const }],
    masks: [],
    codec: 'SNAPPY' as const,
  };
  expect(await chunkRows(spec, { event: new Uint32Array(0), columns: [] }, source)).toEqual({ rows: [] });
});
