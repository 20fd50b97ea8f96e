import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { Manifest } from '../../core/catalogue/manifest.ts';
import { printHltMask } from '../../core/catalogue/triggerMask.ts';
import { triggersCommand } from './triggers.ts';

const DEMO = fileURLToPath(new URL('../../public/demo/catalogue', import.meta.url));
const SCRIPT = fileURLToPath(new URL('../../workers/catalogue/triggers/trigger_counts.py', import.meta.url));
const PYTHON = process.env.LUMISCOPE_PYTHON;
const RUN = 348_885;
const DATASET = 'run:348885 type:AOD stream:physics_Main version:f937_m1972';

const folder = mkdtempSync(join(tmpdir(), 'lumiscope-triggers-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the command writes. */
async function written(...args: string[]): Promise<string> {
  const path = join(folder, 'answer');
  await triggersCommand([...args, '--no-cache', '--workers', '1', '-o', path]);
  return readFileSync(path, 'utf8');
}

interface Answer {
  events: number;
  records: number;
  chains: { bit: number; chain: string; tbp: number; tap: number; tav: number; unique: number; rate: number }[];
  pairs: { chain1: string; chain2: string; events_bothstreams: number }[];
}

describe('lumiscope catalogue triggers', () => {
  it.skipIf(!PYTHON)('counts and compares chains as DuckDB does', async () => {
    const manifest = JSON.parse(readFileSync(join(DEMO, 'manifest.json'), 'utf8')) as Manifest;
    const { dspid } = manifest.families.find((one) => one.runNumber === RUN && one.amiTag === 'f937_m1972')!;
    const files = manifest.parts.filter((part) => part.dspid === dspid).map(({ records }) => join(DEMO, records.path));
    const text = execFileSync(PYTHON!, [SCRIPT, '20', '60', ...files], { encoding: 'utf8', maxBuffer: 1e9 });
    const truth = JSON.parse(text) as Record<'tbp' | 'tap' | 'tav' | 'unique', Record<string, number>> & {
      events: number;
      pairs: [number, number, number][];
    };
    const found = JSON.parse(await written(DEMO, DATASET, '--lb', '20-60', '--overlaps', '--format', 'json')) as Answer;
    expect(found.events).toBe(truth.events);
    for (const { bit, tbp, tap, tav, unique } of found.chains) {
      const own = [truth.tbp, truth.tap, truth.tav, truth.unique].map((counts) => counts[bit] ?? 0);
      expect([tbp, tap, tav, unique], `bit ${bit}`).toEqual(own);
    }
    const names = new Map(found.chains.map(({ bit, chain }) => [bit, chain]));
    const pairs = found.pairs.map(
      ({ chain1, chain2, events_bothstreams }) => `${chain1} ${chain2} ${events_bothstreams}`,
    );
    const expected = truth.pairs.map(([a, b, events]) => `${names.get(a)} ${names.get(b)} ${events}`);
    expect(pairs.sort()).toEqual(expected.sort());
  });

  it('counts the chains that a pattern names, with what is unique among them', async () => {
    const lines = (await written(DEMO, DATASET, '--level', 'hlt', '--chains', 'HLT_mu26*', '--format', 'csv'))
      .trim()
      .split('\r\n');
    expect(lines[0]).toBe('bit,chain,ph,pt,rs,rate,unique,unique_rate,seed');
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines.slice(1)) expect(line).toMatch(/^\d+,HLT_mu26/);
  });

  it('decodes an event and its mask alike', async () => {
    const manifest = JSON.parse(readFileSync(join(DEMO, 'manifest.json'), 'utf8')) as Manifest;
    const { dspid } = manifest.families.find((one) => one.runNumber === RUN && one.amiTag === 'f937_m1972')!;
    const { first } = manifest.parts.find((part) => part.dspid === dspid)!;
    const fired = JSON.parse(await written(DEMO, '--event', String(RUN), first, '--format', 'json')) as {
      level: string;
      bit: number;
      chain: string;
      lists: string;
    }[];
    const hlt = fired.filter(({ level }) => level === 'HLT');
    expect(hlt.length).toBeGreaterThan(0);
    const bits = (list: string) => hlt.filter(({ lists }) => lists.split(' ').includes(list)).map(({ bit }) => bit);
    const mask = printHltMask({ ph: bits('ph'), pt: bits('pt'), rs: bits('rs') });
    const decoded = JSON.parse(await written(DEMO, '--mask', mask, '--smk', '2649', '--format', 'json'));
    expect(decoded).toEqual(hlt.map(({ level, bit, chain, lists }) => ({ level, bit, chain, lists })));
    expect(await written('--mask', mask)).toContain(`HLT bit ${hlt[0]!.bit}`);
  });

  it('says what is wrong with a mask, a dataset, a range', async () => {
    await expect(triggersCommand(['--mask', 'G!-'])).rejects.toThrow('bad letter: -, at character 3');
    await expect(triggersCommand([DEMO, 'run:1', '--workers', '1'])).rejects.toThrow('has no dataset run:1');
    await expect(triggersCommand([DEMO, DATASET, '--lb', '9-3'])).rejects.toThrow(
      '9-3 is no range of luminosity blocks',
    );
    await expect(triggersCommand([DEMO, 'type:AOD'])).rejects.toThrow('different trigger menus');
    await expect(triggersCommand([DEMO, '--mask', 'G!', '--smk', '1'])).rejects.toThrow('no menu of SMK 1');
  });
});
