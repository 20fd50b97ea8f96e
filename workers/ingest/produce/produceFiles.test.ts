import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LumiscopeError } from '../../../core/errors.ts';
import type { ControlMessage } from '../../../core/ingest/controlMessage.ts';
import { parseDatasetTemplate } from '../../../core/ingest/datasetTemplate.ts';
import type { EventInput } from './eventSource.ts';
import { declarationsOf, type ProduceOptions, produceFiles } from './produceFiles.ts';
import { readStaged } from './stagedObject.ts';
import { WorkRecords } from './workRecords.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lumiscope-produce-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A CSV file of events. @param rows run, event, block, HLT_a */
function events(name: string, rows: readonly (readonly [number, number, number, boolean])[]): EventInput {
  const path = join(folder, name);
  writeFileSync(path, `run,event,lumi,HLT_${name[0]}\n${rows.map((row) => `${row.join(',')}\n`).join('')}`);
  return { address: { kind: 'path', path } };
}

/** Keeps what it gets. @param dies at which call, from 1 */
function relayDouble(dies = Number.POSITIVE_INFINITY) {
  const objects = new Map<string, Uint8Array>();
  const messages: ControlMessage[] = [];
  let calls = 0;
  const call = () => {
    if (++calls === dies) throw new LumiscopeError('source', 'the relay is gone');
  };
  return {
    objects,
    messages,
    async upload(bytes: Uint8Array) {
      call();
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const again = objects.has(sha256);
      objects.set(sha256, bytes);
      return { sha256, again };
    },
    async has(sha256: string) {
      call();
      return objects.has(sha256);
    },
    async message(message: ControlMessage) {
      call();
      messages.push(message);
      return { again: false };
    },
  };
}

const ONE = parseDatasetTemplate('data12_8TeV.7.Muons.merge.AOD.f1');
const RUNS = parseDatasetTemplate('data12_8TeV.{run}.Muons.merge.AOD.f1');
const options = (more: Partial<ProduceOptions> & Pick<ProduceOptions, 'inputs' | 'relay'>): ProduceOptions => ({
  template: ONE,
  job: 5,
  filesPerJob: 2,
  producer: 'test',
  ...more,
});

describe('producing', () => {
  const a = () =>
    events('a.csv', [
      [7, 12, 1, true],
      [7, 3, 1, false],
    ]);
  const b = () => events('b.csv', [[7, 5, 2, true]]);
  const c = () => events('c.csv', [[7, 6, 2, false]]);

  it('stages some files in an object, sorted, with the chains of all of them', async () => {
    const relay = relayDouble();
    const reports = await produceFiles(options({ inputs: [a(), b(), c()], relay }));
    expect(reports.map(({ files, messages }) => [files, messages.length])).toEqual([
      [2, 1],
      [1, 1],
    ]);
    const [message] = relay.messages;
    expect(message).toMatchObject({
      dataset: 'data12_8TeV.00000007.Muons.merge.AOD.f1',
      job: { id: 5 },
      producer: 'test',
    });
    const bytes = relay.objects.get(message!.object.sha256)!;
    expect(bytes.length).toBe(message!.object.bytes);
    const { header, read } = await readStaged(bytes);
    expect(header).toMatchObject({ families: ['l1', 'hlt'], chains: { l1: [], hlt: ['HLT_a', 'HLT_b'] } });
    expect(header.files.map(({ guid, events, digest }) => ({ guid, events, digest }))).toEqual(message!.files);
    const found: unknown[] = [];
    for (const file of [0, 1])
      for await (const { columns } of read(file)) {
        const numbers = (name: string) => Array.from(columns.get(name)!.values, Number);
        found.push([numbers('eventno'), numbers('oid2'), numbers('lb'), numbers('ph')]);
      }
    expect(found).toEqual([
      [[3, 12], [1, 0], [1, 1], [0]],
      [[5], [0], [2], [1]],
    ]);
    expect(relay.messages[1]!.files).toMatchObject([{ events: 1 }]);
  });

  it('refuses events of another run, and puts them where they belong if it may', async () => {
    const mixed = () =>
      events('a.csv', [
        [7, 1, 1, true],
        [8, 2, 1, true],
        [7, 3, 1, false],
      ]);
    const relay = relayDouble();
    const [report] = await produceFiles(options({ inputs: [mixed()], relay }));
    expect(report!.failure?.message).toMatch(/a\.csv: entry 1 is of run 8, .*one of run 7/);
    expect(relay.messages).toEqual([]);
    await produceFiles(options({ inputs: [mixed()], relay, template: RUNS }));
    expect(relay.messages.map(({ dataset, files }) => [dataset.slice(12, 20), files[0]!.events])).toEqual([
      ['00000007', 2],
      ['00000008', 1],
    ]);
    const simulation = parseDatasetTemplate('mc12_8TeV.105200.ttbar.merge.AOD.e1');
    const [simulated] = await produceFiles(options({ inputs: [mixed()], relay, template: simulation }));
    expect(simulated!.messages[0]!.files[0]!.events).toBe(3);
  });

  it('does not let a broken file keep other jobs', async () => {
    const broken = events('b.csv', [[7, 1, 1, true]]);
    writeFileSync(join(folder, 'b.csv'), 'pt,eta\n1,2\n');
    const relay = relayDouble();
    const reports = await produceFiles(options({ inputs: [a(), broken, c()], relay, filesPerJob: 1 }));
    expect(reports.map(({ failure }) => failure?.tag)).toEqual([undefined, 'format', undefined]);
    expect(relay.messages).toHaveLength(2);
  });

  it('tells copies of a file', async () => {
    const [report] = await produceFiles(
      options({
        inputs: [events('a.csv', [[7, 1, 1, true]]), events('a.csv', [[7, 1, 1, true]])],
        relay: relayDouble(),
      }),
    );
    expect(report!.failure?.message).toContain('the same GUID');
  });

  it('that ended at any point and begins again says the same, without reading what is done', async () => {
    const work = new WorkRecords(join(folder, 'work'));
    const files = [a(), b()];
    const inputs = () => files;
    const truth = relayDouble();
    await produceFiles(options({ inputs: inputs(), relay: truth, filesPerJob: 1 }));
    const objects = new Map<string, Uint8Array>();
    for (let dies = 1; dies <= 4; dies++) {
      const relay = relayDouble(dies);
      for (const [sha256, bytes] of objects) relay.objects.set(sha256, bytes);
      await expect(
        produceFiles(options({ inputs: inputs(), relay, work, filesPerJob: 1, job: 5 + dies })),
      ).rejects.toThrow('gone');
      for (const [sha256, bytes] of relay.objects) objects.set(sha256, bytes);
    }
    const relay = relayDouble();
    for (const [sha256, bytes] of objects) relay.objects.set(sha256, bytes);
    const reports = await produceFiles(options({ inputs: inputs(), relay, work, filesPerJob: 1, job: 99 }));
    expect([...relay.objects]).toEqual([...truth.objects]);
    expect(reports.map(({ skipped }) => skipped)).toEqual([true, true]);
    // Numbers are those of the run that began the job.
    expect(relay.messages.map(({ job }) => job.id)).toEqual([6, 8]);
    expect(relay.messages.map(({ object, files }) => ({ object, files }))).toEqual(
      truth.messages.map(({ object, files }) => ({ object, files })),
    );
    expect(readdirSync(join(folder, 'work')).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

it('a declaration has all files with their events, for each run where there are several', async () => {
  const inputs = [
    events('a.csv', [
      [7, 1, 1, true],
      [8, 2, 1, true],
    ]),
    events('b.csv', [[8, 4, 1, true]]),
  ];
  const { declarations } = await declarationsOf(inputs, RUNS, { open: true });
  expect(declarations).toMatchObject([
    { dataset: RUNS.nameFor(7), open: true, sourcePath: folder, files: [{ events: 1, name: 'a.csv' }] },
    { dataset: RUNS.nameFor(8), files: [{ events: 1 }, { events: 1, name: 'b.csv' }] },
  ]);
  const [one] = (await declarationsOf(inputs, ONE, { open: false })).declarations;
  expect(one!.files.map(({ events }) => events)).toEqual([2, 1]);
});
