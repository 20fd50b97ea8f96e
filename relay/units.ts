/** Sizes and times as a configuration says them. */
import * as z from 'zod';

const UNITS: Record<string, number> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** Bytes: a number, or `512 MB`. */
export const bytes = z.union([z.int().positive(), z.string()]).transform((value, context) => {
  if (typeof value === 'number') return value;
  const [, number, unit = 'b'] = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?i?b)?\s*$/i.exec(value) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  const size = number === undefined || factor === undefined ? 0 : Math.round(Number(number) * factor);
  if (size > 0) return size;
  context.addIssue({ code: 'custom', message: `"${value}" is no size: write 512 MB, 2 GiB or a number of bytes` });
  return z.NEVER;
});

const SPANS: Record<string, number> = { s: 1e3, min: 60e3, h: 3600e3, d: 86400e3, days: 86400e3, day: 86400e3 };

/** A time: `90 s`, `12 h`, `30 days`; in ms once it is read. */
export const duration = z.string().transform((value, context) => {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*(s|min|h|d|days?)\s*$/.exec(value) ?? [];
  if (number !== undefined) return Math.round(Number(number) * SPANS[unit!]!);
  context.addIssue({ code: 'custom', message: `"${value}" is no time: write 90 s, 10 min, 12 h or 30 days` });
  return z.NEVER;
});
