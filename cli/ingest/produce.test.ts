import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { declareCommand } from './declare.ts';
import { produceCommand } from './produce.ts';

const DATASET = 'data12_8TeV.00000007.Muons.merge.AOD.f1';

let folder = '';
let close = () => {};
let said = '';
let printed = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lumiscope-produce-'));
  said = '';
  printed = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  close();
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** What a relay was asked and told; it publishes at once what it is asked for. */
async function relay() {
  const asked: string[] = [];
  const told: unknown[] = [];
  const server = createServer(async (request, response) => {
    asked.push(`${request.method} ${decodeURIComponent(request.url!).replace(/[0-9a-f]{64}/, 'SHA')}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const isJson = request.headers['content-type'] === 'application/json';
    if (isJson) told.push(JSON.parse(Buffer.concat(chunks).toString()));
    const progress = {
      dataset: DATASET,
      state: 'DONE',
      details: '',
      events: 2,
      files: 1,
      filesComplete: 1,
      alarms: [],
    };
    response.writeHead(request.method === 'HEAD' ? 404 : 200, { 'content-type': 'application/json' });
    response.end(
      request.method === 'HEAD' ? undefined : JSON.stringify(request.method === 'GET' ? progress : { again: false }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => {
    server.close();
    server.closeAllConnections();
    close = () => {};
  };
  return { asked, told, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const EVENTS = 'run,event,lumi,HLT_a\n7,12,1,true\n7,3,1,false\n';

describe('lumiscope produce', () => {
  it('declares, sends the object, then the message, and waits', async () => {
    const { asked, told, address } = await relay();
    const path = file('a.csv', EVENTS);
    await produceCommand([path, '--dataset', DATASET, '--relay', address, '--job', '5', '--declare', '--wait']);
    expect(asked).toEqual([
      `PUT /v1/datasets/${DATASET}/declaration`,
      'HEAD /v1/objects/SHA',
      'PUT /v1/objects/SHA',
      'POST /v1/messages',
      `GET /v1/datasets/${DATASET}`,
    ]);
    const [declaration, message] = told as [{ files: { guid: string }[] }, object];
    expect(declaration).toMatchObject({ dataset: DATASET, open: false, files: [{ events: 2, name: 'a.csv' }] });
    expect(message).toMatchObject({ job: { id: 5 }, files: [{ guid: declaration.files[0]!.guid, events: 2 }] });
    expect(said).toMatch(
      /declared with 1 file, 2 events\njob 1 of 1, 1 file: 2 events, .*\n2 events of 1 dataset staged in 1 object.*\n.*DONE \(2 events\)\n$/,
    );
  });

  it('prints what it would send', async () => {
    await produceCommand([
      file('a.csv', EVENTS),
      '--dataset',
      'data12_8TeV.{run}.Muons.merge.AOD.f1',
      '--dry-run',
      '--declare',
    ]);
    const lines = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map((line) => Object.keys(line)[0])).toEqual(['declaration', 'object', 'message']);
    expect(lines[2].message).toMatchObject({ dataset: DATASET, object: lines[1].object });
    // Numbers of runs that follow one another grow.
    expect(Date.now() - lines[2].message.job.id).toBeLessThan(60_000);
  });

  it.each([
    [['x.csv'], /which dataset/],
    [['--dataset', DATASET], /which files/],
    [['x.csv', '--dataset', DATASET], /which relay/],
    [['x.csv', '--dataset', DATASET, '--dry-run', '--job', '-1'], /job/],
    [['x.csv', '--dataset', DATASET, '--dry-run', '--files-per-job', '0'], /from 1 on/],
    [['x.csv', '--dataset', DATASET, '--dry-run', '--open'], /--declare/],
    [['x.csv', '--dataset', DATASET, '--dry-run', '--guid', 'abc'], /no GUID/],
    [['x.csv', '--dataset', 'nonsense', '--dry-run'], /parts, not 6/],
  ])('says what is wrong with %j', async (args, message) => {
    vi.stubEnv('LUMISCOPE_RELAY', '');
    await expect(produceCommand(args)).rejects.toThrow(message);
  });

  it('names what is wrong with a file, with status 3', async () => {
    const bad = file('b.csv', 'run,pt\n7,1\n');
    await expect(produceCommand([bad, '--dataset', DATASET, '--dry-run'])).rejects.toMatchObject({
      status: 3,
      message: expect.stringMatching(/b\.csv: there is no event number/),
    });
  });

  it('hands records of the EventIndex to their import', async () => {
    const legacy = file('part-0', '00000007-00000000012\tnonsense\n');
    await expect(produceCommand([legacy, file('a.csv', EVENTS), '--dataset', DATASET, '--dry-run'])).rejects.toThrow(
      'a.csv holds no records',
    );
    await produceCommand([legacy, '--dataset', DATASET, '--dry-run']);
    expect(said + printed).toContain('1 line: 1 bad');
    await expect(produceCommand([legacy, '--dataset', DATASET, '--dry-run', '--tree', 'Events'])).rejects.toThrow(
      '--tree has no meaning for records of the EventIndex',
    );
  });
});

describe('lumiscope declare', () => {
  it('takes a list', async () => {
    const { told, address } = await relay();
    const list = file('files.csv', 'guid,events\n01234567-89ab-cdef-0123-456789abcdef,5\n');
    await declareCommand(['--list', list, '--dataset', DATASET, '--relay', address, '--open']);
    expect(told).toEqual([
      {
        dataset: DATASET,
        files: [{ guid: '01234567-89AB-CDEF-0123-456789ABCDEF', events: 5 }],
        open: true,
        sourcePath: '',
      },
    ]);
  });

  it('wants files or a list', async () => {
    await expect(declareCommand(['--dataset', DATASET])).rejects.toThrow('which files');
    await expect(
      declareCommand(['--dataset', 'data12_8TeV.{run}.Muons.merge.AOD.f1', '--list', 'x', '--dry-run']),
    ).rejects.toThrow('no runs');
  });
});
