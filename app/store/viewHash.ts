/**
 * The part of the link behind the document: what a person changed of the plots' looks, a parameter for each kind of change:
 * `&log=m_mumu,pt:off&ratio=pt:efficiency&overlay=pt:loose+tight&rebin=pt:5&range=pt:60..120&axes=abc:2-0&slice=abc:1-7&set=abc:1`.
 */
import { decoded, type Pane, parsePane } from './pane.ts';
import type { ViewChange } from './plotView.ts';

type Views = Readonly<Record<string, ViewChange>>;

/** How a change is written behind a plot's name, and read; `read` gives nothing for what is damaged. */
interface Form {
  write(change: ViewChange): string | undefined;
  read(value: string): ViewChange | undefined;
}

const NUMBER = String.raw`-?\d+(?:\.\d+)?(?:e[+-]?\d+)?`;
const RANGE = new RegExp(`^(${NUMBER})\\.\\.(${NUMBER})$`);

const FORMS: Record<string, Form> = {
  log: flag('log'),
  flow: flag('flow'),
  stack: flag('stack'),
  norm: flag('normalise'),
  ratio: {
    write: ({ ratio }) => ratio && `:${ratio}`,
    read: (ratio) => (ratio === 'ratio' || ratio === 'efficiency' || ratio === 'off' ? { ratio } : undefined),
  },
  overlay: {
    write: ({ overlay }) => overlay && `:${overlay.map(encodeURIComponent).join('+')}`,
    read: (value) => ({ overlay: value.split('+').map(decoded).filter(Boolean) }),
  },
  rebin: {
    write: ({ rebin }) => (rebin === undefined ? undefined : `:${rebin}`),
    read: (value) => (/^[1-9]\d{0,5}$/.test(value) ? { rebin: Number(value) } : undefined),
  },
  range: {
    write: ({ range }) => range && (range === 'all' ? ':all' : `:${range[0]}..${range[1]}`),
    read(value) {
      if (value === 'all') return { range: 'all' };
      const [, lo, hi] = RANGE.exec(value)?.map(Number) ?? [];
      return lo !== undefined && hi !== undefined && lo < hi && Number.isFinite(hi - lo)
        ? { range: [lo, hi] }
        : undefined;
    },
  },
  axes: {
    write: ({ x, y }) =>
      x === undefined && y === undefined ? undefined : `:${x ?? 0}${y === 'none' ? '' : `-${y ?? 1}`}`,
    read(value) {
      const [, x, y] = /^([0-8])(?:-([0-8]))?$/.exec(value) ?? [];
      return x === undefined ? undefined : { x: Number(x), y: y === undefined ? 'none' : Number(y) };
    },
  },
  slice: {
    write: ({ slices }) =>
      slices &&
      `:${Object.entries(slices)
        .map(([axis, bin]) => `${axis}-${bin}`)
        .join('+')}`,
    read(value) {
      const pairs = value.split('+').flatMap((part) => [...part.matchAll(/^([0-8])-(\d{1,6})$/g)]);
      return { slices: Object.fromEntries(pairs.map(([, axis, bin]) => [Number(axis), Number(bin)])) };
    },
  },
  set: {
    write: ({ dataset }) => (dataset === undefined ? undefined : `:${dataset}`),
    read: (value) => (/^\d{1,4}$/.test(value) ? { dataset: Number(value) } : undefined),
  },
};

/** `name` for on, `name:off` for what the document switched on and a person off. */
function flag(key: 'log' | 'flow' | 'stack' | 'normalise'): Form {
  return {
    write: (change) => (change[key] === undefined ? undefined : change[key] ? '' : ':off'),
    read: (value) => ({ [key]: value !== 'off' }),
  };
}

/** The parameters for plots that were changed; empty if none was. */
export function formatViews(views: Views, histograms: readonly string[]): string {
  return Object.entries(FORMS)
    .map(([key, { write }]) => {
      const named = histograms.flatMap((name) => {
        const value = views[name] && write(views[name]);
        return value === undefined ? [] : [encodeURIComponent(name) + value];
      });
      return named.length > 0 ? `&${key}=${named.join(',')}` : '';
    })
    .join('');
}

/** Takes a hash apart: `#a=…` alone, the changes of views, and what the pane shows (`pane.ts`). Parameters that are not known or damaged are left aside. */
export function parseHash(hash: string): { link: string; views: Views; pane: Pane } {
  const [link = '', ...parameters] = hash.split('&');
  const views: Record<string, ViewChange> = {};
  for (const parameter of parameters) {
    const [key = '', list = ''] = parameter.split('=');
    const form = Object.hasOwn(FORMS, key) ? FORMS[key] : undefined;
    for (const entry of form ? list.split(',') : []) {
      const [coded = '', value = ''] = entry.split(':');
      const name = decoded(coded);
      const change = form?.read(value);
      if (change && name !== '' && name !== '__proto__') views[name] = { ...views[name], ...change };
    }
  }
  return { link, views, pane: parsePane(parameters) };
}
