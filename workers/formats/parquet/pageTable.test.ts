import { expect, it } from 'vitest';
import { type PagePlace, pagesOfRows } from './pageTable.ts';

const page = (rowsBefore: number, continues = false): PagePlace => ({ offset: 0, bytes: 1, rowsBefore, continues });

it('rows are found in the pages that they begin in', () => {
  const pages = [page(0), page(10), page(20)];
  expect(pagesOfRows(pages, 0, 10)).toEqual([0, 1]);
  expect(pagesOfRows(pages, 5, 11)).toEqual([0, 2]);
  expect(pagesOfRows(pages, 10, 20)).toEqual([1, 2]);
  expect(pagesOfRows(pages, 20, 30)).toEqual([2, 3]);
});

it('a list that goes on in the next page brings that page along', () => {
  const pages = [page(0), page(10, true), page(10, true), page(15)];
  expect(pagesOfRows(pages, 0, 10)).toEqual([0, 3]);
  // Row 10 begins in the page before which ten rows began, the last of those that say so.
  expect(pagesOfRows(pages, 10, 15)).toEqual([2, 3]);
});

it('no pages hold no rows', () => {
  expect(pagesOfRows([], 0, 1)).toEqual([0, 0]);
});
