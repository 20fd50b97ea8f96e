import { expect, it } from 'vitest';
import type { ResidentChunk } from './chunk.ts';
import { cutRanges, dispatchesOf, eventsOf, sample } from './ranges.ts';
import { FreeList, type Segment } from './segment.ts';

const segment = (): Segment => ({ buffer: {} as GPUBuffer, free: new FreeList(1) });
const [one, two] = [segment(), segment()];

function chunk(...ends: [number, Segment][]): ResidentChunk {
  const pieces = ends.map(([end, segment], i) => ({ begin: i ? ends[i - 1]![0] : 0, end, segment, places: new Map() }));
  return { pieces } as unknown as ResidentChunk;
}

it('cuts ranges at a number of events', () => {
  const all = [
    { index: 0, begin: 0, end: 10 },
    { index: 1, begin: 0, end: 5 },
  ];
  expect(cutRanges(all, 12)).toEqual([[all[0], { index: 1, begin: 0, end: 2 }], [{ index: 1, begin: 2, end: 5 }]]);
  expect(cutRanges(all, 10)).toEqual([[all[0]], [all[1]]]);
  expect(cutRanges(all, 99)).toEqual([all, []]);
});

it('a dispatch has blocks of one segment, no more events and blocks than it may', () => {
  const chunks = [chunk([1024, one], [1500, two]), ...[700, 10, 10, 10, 300].map((end) => chunk([end, one]))];
  const ranges = chunks.map(({ pieces }, index) => ({ index, begin: 0, end: pieces.at(-1)!.end }));
  const plan = dispatchesOf(ranges, chunks, 2, 800);
  for (const { segment, blocks } of plan) {
    expect(blocks.length).toBeLessThanOrEqual(2);
    expect(eventsOf(blocks)).toBeLessThanOrEqual(800);
    for (const { piece } of blocks) expect(piece!.segment).toBe(segment);
  }
  const seen = plan.flatMap(({ blocks }) => blocks.map(({ index, begin, end }) => ({ index, begin, end })));
  for (const { index, begin, end } of ranges) {
    const own = seen.filter((block) => block.index === index).sort((a, b) => a.begin - b.begin);
    expect([own[0]!.begin, own.at(-1)!.end]).toEqual([begin, end]);
    for (let i = 1; i < own.length; i++) expect(own[i]!.begin).toBe(own[i - 1]!.end);
  }
});

it('an empty chunk is in no dispatch', () => {
  expect(dispatchesOf([{ index: 0, begin: 0, end: 0 }], [chunk([0, one])], 9, 9)).toEqual([]);
});

it('a sample is all of few events, and some from everywhere of many', () => {
  const few = [{ index: 0, begin: 0, end: 500 }];
  expect(sample(few)).toEqual(few);
  const many = sample([
    { index: 0, begin: 0, end: 50_000 },
    { index: 1, begin: 0, end: 50_000 },
  ]);
  expect(eventsOf(many)).toBe(32 * 512);
  expect(many.filter(({ index }) => index === 1)).toHaveLength(16);
});
