import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { instantiateLibm, LIBM_HEAP_BASE, type Libm } from './libm.ts';

const memory = new WebAssembly.Memory({ initial: 1 });
let libm: Libm;
beforeAll(async () => {
  libm = await instantiateLibm(memory);
});

/** Four-vector by the single functions, in the order that the typed form states. */
function composed(pt: number, eta: number, phi: number, m: number): number[] {
  const px = pt * libm.cos(phi);
  const py = pt * libm.sin(phi);
  const pz = pt * libm.sinh(eta);
  const e2 = px * px + py * py + pz * pz + m * Math.abs(m);
  return [px, py, pz, e2 < 0 ? 0 : Math.sqrt(e2)];
}

/** Distance between doubles that stand next to each other, at x. */
function ulp(x: number): number {
  const exponent = Math.floor(Math.log2(Math.abs(x)));
  return 2 ** (Math.max(exponent, -1022) - 52);
}

const tables: Record<string, number[][]> = JSON.parse(
  readFileSync(new URL('../fixtures/libm_reference.json', import.meta.url), 'utf8'),
);
/** musl's own errors; the others are off by one unit in the last place at most. */
const UNITS: Record<string, number> = { tanh: 2, asinh: 2, tan: 2 };

describe('libm', () => {
  it.each(Object.entries(tables))('%s is right to a unit in the last place or two', (name, rows) => {
    for (const row of rows) {
      const args = row.slice(0, -1);
      const wanted = row.at(-1)!;
      const got = (libm[name as keyof Libm] as (...args: number[]) => number)(...args);
      const error = Math.abs(got - wanted) / ulp(wanted);
      expect(error, `${name}(${args}) = ${got}, not ${wanted}`).toBeLessThanOrEqual(UNITS[name] ?? 1);
    }
  });

  it("has Python's float modulo and floor division", () => {
    const cases: [number, number, number, number][] = [
      // a, b, a % b, a // b as CPython 3.11 prints them
      [7, 3, 1, 2],
      [-7, 3, 2, -3],
      [7, -3, -2, -3],
      [-7, -3, -1, 2],
      [1, 0.1, 0.09999999999999995, 9],
      [-1, Infinity, Infinity, -1],
      [1, -Infinity, -Infinity, -1],
      [1, Infinity, 1, 0],
      [-0, 3, 0, -0],
      [0, -3, -0, -0],
      [6, -3, -0, -2],
      [1e300, 3, 0, 3.3333333333333335e299],
      [5e-324, -2.5, -2.5, -1],
      [NaN, 2, NaN, NaN],
      [Infinity, 2, NaN, NaN],
    ];
    for (const [a, b, mod, floordiv] of cases) {
      expect(libm.mod(a, b), `${a} % ${b}`).toBe(mod);
      expect(libm.floordiv(a, b), `${a} // ${b}`).toBe(floordiv);
    }
  });

  it('reduces huge arguments exactly', () => {
    expect(libm.sin(1e22)).toBe(-0.8522008497671888);
    expect(libm.cos(1e22)).toBe(0.523214785395139);
    expect(libm.sin(1.7976931348623157e308)).toBe(0.004961954789184062);
    expect(libm.sin(Infinity)).toBe(NaN);
  });

  it('keeps the sign of zero', () => {
    for (const fn of ['sin', 'tan', 'asin', 'atan', 'sinh', 'tanh', 'asinh'] as const)
      expect(libm[fn](-0), fn).toBe(-0);
    expect(libm.atan2(-0, -1)).toBe(-Math.PI);
  });

  it('makes four-vectors with the bits of the single functions', () => {
    const out = LIBM_HEAP_BASE;
    const view = new Float64Array(memory.buffer, out, 4);
    const special = [
      0,
      -0,
      1,
      -1,
      0.1056,
      25,
      1e-310,
      1e160,
      1e308,
      Infinity,
      -Infinity,
      NaN,
      0.3,
      22,
      710,
      -711,
      1e22,
    ];
    let seed = 1;
    const random = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    const cases: [number, number, number, number][] = [];
    for (const a of special)
      for (const b of special) for (const c of special) cases.push([a, b, c, 0.1056], [25, a, b, c]);
    for (let i = 0; i < 200_000; i++)
      cases.push([random() * 200, (random() - 0.5) * 12, (random() - 0.5) * 8, random() * 5 - 1]);
    for (const [pt, eta, phi, m] of cases) {
      libm.polar(pt, eta, phi, m, out);
      const want = composed(pt, eta, phi, m);
      for (let k = 0; k < 4; k++) {
        if (!Object.is(view[k], want[k])) expect([...view], `polar(${pt}, ${eta}, ${phi}, ${m})`).toEqual(want);
      }
    }
  });
});
