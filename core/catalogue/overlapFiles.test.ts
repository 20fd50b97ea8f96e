import { describe, expect, it } from 'vitest';
import { matrixCsv, overlapsJson, pairsCsv } from './overlapFiles.ts';
import { overlapPairs } from './overlapPairs.ts';
import { storedOverlaps } from './storedOverlaps.ts';
import { orderStreams } from './streamOrder.ts';

/** a = {1, 2, 3}, b = {3, 4}, c = {}, d = {1, 2, 3}. */
const counts = {
  names: ['a', 'b, second', 'c', 'd'],
  both: Float64Array.from([3, 1, 0, 3, 1, 2, 0, 1, 0, 0, 0, 0, 3, 1, 0, 3]),
};

describe('overlaps as files', () => {
  it('are a row for each pair', () => {
    expect(pairsCsv(counts).split('\r\n')).toEqual([
      'stream1,stream2,events_stream1_only,events_stream2_only,events_bothstreams,ratio',
      'a,"b, second",2,1,1,0.25',
      'a,c,3,0,0,0',
      'a,d,0,0,3,1',
      '"b, second",c,2,0,0,0',
      '"b, second",d,1,2,1,0.25',
      'c,d,0,3,0,0',
      '',
    ]);
  });

  it('are a matrix of ratios, counts or shares of the row, in an order', () => {
    expect(matrixCsv(counts, [1, 0], 'row')).toBe(
      'stream,"b, second",a\r\n"b, second",1,0.5\r\na,0.3333333333333333,1\r\n',
    );
    expect(matrixCsv(counts, [0, 2], 'both')).toBe('stream,a,c\r\na,3,0\r\nc,0,0\r\n');
    expect(matrixCsv(counts, [0, 2], 'ratio')).toBe('stream,a,c\r\na,1,0\r\nc,0,0\r\n');
  });

  it('leave out of JSON what is not known', () => {
    const known = JSON.parse(overlapsJson(counts));
    expect(Object.keys(known)).toEqual(['streams', 'pairs']);
    expect(known.pairs[0]).toEqual({
      stream1: 'a',
      stream2: 'b, second',
      events_stream1_only: 2,
      events_stream2_only: 1,
      events_bothstreams: 1,
      ratio: 0.25,
    });
    const all = JSON.parse(
      overlapsJson(
        { ...counts, records: Float64Array.of(3, 2, 0, 4), inExactly: Float64Array.of(0, 1, 2, 1, 0), duplicates: 1 },
        { stored: 800.4, duplicates: 100, overlap: 400 },
      ),
    );
    expect(all).toMatchObject({ events_union: 4, duplicates: 1, bytes_stored: 800, bytes_overlap: 400 });
    expect(all.streams[3]).toEqual({ name: 'd', records: 4, events_uniq: 3 });
  });
});

describe('orders of streams', () => {
  it('are by name, by size, and by similarity', () => {
    expect(orderStreams(counts, 'name')).toEqual([0, 1, 2, 3]);
    expect(orderStreams(counts, 'size')).toEqual([0, 3, 1, 2]);
    const similar = orderStreams(counts, 'similarity').map((i) => counts.names[i]);
    expect(Math.abs(similar.indexOf('a') - similar.indexOf('d'))).toBe(1);
  });

  it('do not depend on the order in which streams are given', () => {
    const turned = {
      names: [...counts.names].reverse(),
      both: Float64Array.from(counts.both, (_, at) => counts.both[(3 - Math.floor(at / 4)) * 4 + (3 - (at % 4))]!),
    };
    for (const order of ['similarity', 'name', 'size'] as const) {
      expect(orderStreams(turned, order).map((i) => turned.names[i])).toEqual(
        orderStreams(counts, order).map((i) => counts.names[i]),
      );
    }
  });
});

describe('stored overlaps', () => {
  const streams = counts.names.map((name, dstypeid) => ({ name, members: [{ dspid: 7, dstypeid }] }));
  const rows = overlapPairs(counts).map(({ stream1: dstypeid1, stream2: dstypeid2, ...numbers }) => ({
    dspid: 7,
    dstypeid1,
    dstypeid2,
    ...numbers,
  }));

  it('give the matrix that they came from, whatever else is stored', () => {
    expect(storedOverlaps([...rows.map((row) => ({ ...row, dspid: 8 })), ...rows], streams)).toEqual(counts);
    expect(storedOverlaps(rows, [streams[3]!, streams[1]!])).toEqual({
      names: ['d', 'b, second'],
      both: Float64Array.of(3, 1, 1, 2),
    });
  });

  it('give nothing where pairs tell different numbers of events of a stream', () => {
    const later = rows.map((row, i) => (i === 0 ? { ...row, events_stream1_only: row.events_stream1_only + 1 } : row));
    expect(storedOverlaps(later, streams)).toBeUndefined();
  });

  it('give nothing where a pair is missing, a stream has several members, or there is one stream', () => {
    expect(storedOverlaps(rows.slice(1), streams)).toBeUndefined();
    expect(
      storedOverlaps(rows, [streams[0]!, { name: 'x', members: [...streams[1]!.members, ...streams[2]!.members] }]),
    ).toBeUndefined();
    expect(storedOverlaps(rows, [streams[0]!, { name: 'x', members: [{ dspid: 8, dstypeid: 1 }] }])).toBeUndefined();
    expect(storedOverlaps(rows, streams.slice(0, 1))).toBeUndefined();
  });
});
