import { describe, expect, it } from 'vitest';
import type { AnalysisDocument, DatasetFile, S3Store } from '../../core/analysis/document.ts';
import { locate } from '../../workers/io/locate.ts';
import { foreignHost, resolveFiles } from './addresses.ts';
import type { LocalFile } from './state.ts';

const BASE = 'https://app.example/lumiscope/';

function resolve(entry: DatasetFile, locals: LocalFile[] = [], allowed: string[] = []) {
  const document: AnalysisDocument = {
    lumiscope: 1,
    datasets: [{ name: 'data', files: [entry] }],
    define: [],
    select: [],
    histograms: [],
    defaults: {},
  };
  return resolveFiles(document, { base: BASE, locals, isAllowed: (host) => allowed.includes(host) })[0]?.[0];
}

describe('addresses of data', () => {
  it('start from the page and are its own there', () => {
    expect(resolve('demo/a.parquet')).toMatchObject({
      status: 'opening',
      address: { kind: 'url', url: 'https://app.example/lumiscope/demo/a.parquet' },
    });
  });

  it('that lie beside the page are written with a dot', () => {
    expect(resolve('./a.parquet')?.address).toEqual({ kind: 'url', url: 'https://app.example/lumiscope/a.parquet' });
  });

  it('on another host wait for consent, another port or scheme included', () => {
    expect(resolve('https://data.example/a.parquet')?.status).toBe('asks');
    expect(resolve('https://data.example/a.parquet', [], ['data.example'])?.status).toBe('opening');
    expect(foreignHost('https://app.example:8443/a', BASE)).toBe('app.example:8443');
    expect(foreignHost('http://app.example/a', BASE)).toBe('app.example');
    expect(foreignHost('//data.example/a', BASE)).toBe('data.example');
  });

  it('of other kinds are refused with a way out', () => {
    expect(resolve('javascript:alert(1)')).toMatchObject({ status: 'failed', error: { tag: 'source' } });
    expect(resolve('root://eos/a.root')).toMatchObject({ status: 'failed' });
  });
});

describe('local files', () => {
  const entry = { local: 'mine.parquet', size: 3, sha256: 'a'.repeat(64) };
  const given = (name: string, sha256: string): LocalFile => ({ file: new File(['abc'], name), sha256 });

  it('are asked for until one of the same content is given, under any name', () => {
    expect(resolve(entry)?.status).toBe('missing');
    expect(resolve(entry, [given('renamed.parquet', entry.sha256)])?.status).toBe('opening');
  });

  it('may be named without size and hash, and are not looked for on the server', () => {
    const state = resolve('mine.parquet');
    expect(state?.status).toBe('missing');
    expect(resolve('mine.parquet', [given('mine.parquet', '')])?.status).toBe('opening');
    const other = given('other.parquet', '');
    expect(resolve('mine.parquet', [other])?.status).toBe('missing');
    expect(resolve('mine.parquet', [{ ...other, standsFor: state?.key }])?.status).toBe('opening');
  });

  it('of the same name but other content are told apart, and may be taken all the same', () => {
    const other = given('mine.parquet', 'b'.repeat(64));
    const state = resolve(entry, [other]);
    expect(state).toMatchObject({ status: 'differs', difference: 'it has the same size but other content' });
    expect(resolve(entry, [{ ...other, standsFor: state?.key }])?.status).toBe('opening');
  });
});

describe('addresses in stores and at sites', () => {
  const at = (entry: string, s3: S3Store, allowed: string[] = []) => {
    const document: AnalysisDocument = {
      lumiscope: 1,
      datasets: [{ name: 'data', files: [entry], s3 }],
      define: [],
      select: [],
      histograms: [],
      defaults: {},
    };
    return resolveFiles(document, {
      base: BASE,
      locals: [],
      isAllowed: (host) => allowed.includes(host),
      locate,
    })[0]?.[0];
  };
  const cern = { endpoint: 'https://s3.cern.ch', region: 'x' };

  it('wait for consent to the host that they lead to', () => {
    expect(at('s3://b/a b.root', cern)).toMatchObject({
      status: 'asks',
      hosts: ['s3.cern.ch'],
      address: { url: 'https://s3.cern.ch/b/a%20b.root', region: 'x' },
    });
    expect(at('s3://b/*.root', cern)).toMatchObject({ status: 'asks', hosts: ['s3.cern.ch'], listing: { name: 'b' } });
    expect(at('root://eospublic.cern.ch//eos/a.root', {})?.hosts).toEqual(['eospublic.cern.ch']);
  });

  it('that lead nowhere say what to do', () => {
    expect(at('root://x.example//a.root', {})).toMatchObject({
      status: 'failed',
      error: { hint: expect.stringContaining('xrdcp') },
    });
  });

  it('are named without their signature', () => {
    expect(at('https://x.example/a.root?X-Amz-Signature=abc&v=1', {})?.name).toBe(
      'https://x.example/a.root?X-Amz-Signature=…&v=1',
    );
  });
});

describe('replicas', () => {
  const urls = ['https://one.example/a.parquet', './a.parquet', 'https://two.example/a.parquet'];

  it('wait for consent to all of their hosts, and are one file', () => {
    expect(resolve({ replicas: urls }, [], ['one.example'])).toMatchObject({
      status: 'asks',
      hosts: ['one.example', 'two.example'],
    });
    expect(resolve({ replicas: urls }, [], ['one.example', 'two.example'])).toMatchObject({
      status: 'opening',
      name: urls[0],
      address: { kind: 'url', url: urls[0], replicas: [new URL('a.parquet', BASE).href, urls[2]] },
    });
  });

  it('are addresses of one file each', () => {
    for (const wrong of ['a.parquet', 'ftp://x.example/a'])
      expect(resolve({ replicas: [urls[0]!, wrong] })).toMatchObject({ status: 'failed', error: { tag: 'source' } });
  });
});
