import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instead } from '../device/testing/wrapped.ts';
import { testAdapter } from '../testing/softwareGpu.ts';
import { selfCheck } from './selfCheck.ts';

describe.skipIf(!(await testAdapter()))('the check of a device', () => {
  let device: GPUDevice;
  beforeAll(async () => {
    device = await (await testAdapter())!.requestDevice();
  });
  afterAll(() => device?.destroy());

  let changes = 0;
  /** The device, with every module's text changed: as if its compiler had. */
  const changed = (change: (code: string) => string): GPUDevice =>
    instead(device, {
      createShaderModule: ({ code }: GPUShaderModuleDescriptor) => {
        const wrong = change(code);
        changes += Number(wrong !== code);
        return device.createShaderModule({ code: wrong });
      },
    });

  it('finds nothing wrong with a right one', async () => {
    expect(await selfCheck(device)).toBeUndefined();
  });

  it('tells what a compiler that reorders sums, or a device that is less exact, gets wrong', async () => {
    const wrong: [RegExp, (code: string) => string][] = [
      [
        /sums of singles/,
        (code) => code.replace('let rest_a = opaque(a - opaque(s - t));', 'let rest_a = a - (a - t + t);'),
      ],
      [/products/, (code) => code.replace('opaque(e + al * bl)', 'e')],
      [/quotients/, (code) => code.replace('a.hi / b.hi', 'a.hi / b.hi * 1.0001')],
      [/subnormal/, (code) => code.replace('(size >= 0x7f800000u) | ', '')],
      [/cosines/, (code) => code.replace('0.008333333767950535f', '0.00833333f')],
      [/angles/, (code) => code.replace('(0.46364', '(0.46365')],
    ];
    for (const [what, change] of wrong) {
      changes = 0;
      expect(`${await selfCheck(changed(change))}`, `${change}`).toMatch(what);
      expect(changes).toBeGreaterThan(0);
    }
  });
});
