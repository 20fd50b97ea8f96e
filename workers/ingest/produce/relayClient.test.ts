import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { setAccess } from '../../io/send.ts';
import { RelayClient } from './relayClient.ts';

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const QUICK = { waits: [1, 1, 1, 1, 1, 1], pieceBytes: 300 };

type Trouble = (request: IncomingMessage, response: ServerResponse, count: number) => boolean;
const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
  setAccess({ keys: [], tokens: [] });
});

/** The objects' part of a relay, and messages. @param trouble answers in its place, or breaks off */
async function relay(trouble: Trouble = () => false) {
  const state = {
    stored: undefined as Buffer | undefined,
    part: Buffer.alloc(0),
    asked: [] as string[],
    bodies: [] as string[],
  };
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    state.asked.push(`${method} ${url!.slice(5, 12)}${headers['content-range'] ? ` ${headers['content-range']}` : ''}`);
    if (trouble(request, response, state.asked.length)) return;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const answer = (status: number, value?: unknown, more = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...more }).end(value && JSON.stringify(value));
    if (method === 'HEAD') return answer(state.stored ? 200 : 404, undefined, { 'upload-offset': state.part.length });
    if (url === `/base/v1/objects/${sha256}`) {
      const [, from, total] = /bytes (\d+)-\d+\/(\d+)/.exec(headers['content-range']!)!;
      if (Number(from) !== 0 && Number(from) !== state.part.length) return answer(409, { error: { what: 'a gap' } });
      state.part = Buffer.concat([state.part.subarray(0, Number(from)), body]);
      if (state.part.length < Number(total)) return answer(202, {});
      if (createHash('sha256').update(state.part).digest('hex') !== sha256) {
        state.part = Buffer.alloc(0);
        return answer(422, { error: { what: 'another SHA-256' } });
      }
      state.stored = state.part;
      return answer(201, {});
    }
    state.bodies.push(body.toString());
    return answer(201, { again: false });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { state, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base/` };
}

describe('an object', () => {
  it('is sent in pieces, and not again', async () => {
    const { state, address } = await relay();
    const sent: number[] = [];
    const client = new RelayClient(address, QUICK);
    expect(await client.upload(bytes, (count) => sent.push(count))).toEqual({ sha256, again: false });
    expect(sent).toEqual([300, 600, 900, 1000]);
    expect(state.stored!.equals(bytes)).toBe(true);
    expect(await client.upload(bytes)).toEqual({ sha256, again: true });
    expect(await client.has(sha256)).toBe(true);
  });

  it('is gone on with where the connection broke', async () => {
    const { state, address } = await relay((_, response, count) => {
      if (count === 4) response.destroy();
      return count === 4;
    });
    const troubles: string[] = [];
    await new RelayClient(address, { ...QUICK, onTrouble: (reason) => troubles.push(reason) }).upload(bytes);
    expect(state.stored!.equals(bytes)).toBe(true);
    expect(state.asked.slice(3)).toEqual([
      `PUT /v1/obj bytes 600-899/1000`,
      `HEAD /v1/obj`,
      `PUT /v1/obj bytes 600-899/1000`,
      `PUT /v1/obj bytes 900-999/1000`,
    ]);
    expect(troubles).toEqual([expect.stringMatching(/^the relay at 127\.0\.0\.1:\d+ can't be reached$/)]);
  });

  it('is gone on with from what another run left, and sent anew where that was damaged', async () => {
    const { state, address } = await relay();
    state.part = Buffer.alloc(500, 7);
    await new RelayClient(address, QUICK).upload(bytes);
    expect(state.asked[1]).toBe('PUT /v1/obj bytes 500-799/1000');
    expect(state.asked[4]).toBe('PUT /v1/obj bytes 0-299/1000');
    expect(state.stored!.equals(bytes)).toBe(true);
  });
});

describe('trouble', () => {
  const answering =
    (status: number, value: unknown): Trouble =>
    (request, response) => {
      request.resume();
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      return true;
    };
  const message = { dataset: 'x' } as never;

  it('that passes is waited for', async () => {
    const busy = answering(503, {});
    const { state, address } = await relay((request, response, count) => count < 4 && busy(request, response, count));
    expect(await new RelayClient(address, QUICK).message(message)).toEqual({ again: false });
    expect(state.asked).toHaveLength(4);
  });

  it('that stays is an error with host and advice', async () => {
    const { state, address } = await relay(answering(503, { error: { what: 'the disk is full', hint: 'make room' } }));
    await expect(new RelayClient(address, QUICK).message(message)).rejects.toMatchObject({
      tag: 'source',
      message: expect.stringMatching(/the relay at 127\.0\.0\.1:\d+ answered 503: the disk is full/),
      hint: 'make room',
    });
    expect(state.asked).toHaveLength(7);
  });

  it('that no other try would help is told at once', async () => {
    const { state, address } = await relay(answering(401, {}));
    await expect(new RelayClient(address, QUICK).message(message)).rejects.toMatchObject({
      hint: expect.stringContaining('BEARER_TOKEN'),
    });
    expect(state.asked).toHaveLength(1);
    const { address: moved } = await relay((request, response) => {
      request.resume();
      response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end();
      return true;
    });
    await expect(new RelayClient(moved, QUICK).message(message)).rejects.toThrow('answered 307');
  });

  it('ends with a cancel', async () => {
    const { address } = await relay(answering(503, {}));
    const stop = new AbortController();
    const client = new RelayClient(address, { waits: [60_000], signal: stop.signal, onTrouble: () => stop.abort() });
    await expect(client.message(message)).rejects.toMatchObject({ tag: 'cancelled' });
  });
});

it('a token goes to the host that it is for', async () => {
  const seen: (string | undefined)[] = [];
  const { address } = await relay((request) => {
    seen.push(request.headers.authorization);
    return false;
  });
  setAccess({ keys: [], tokens: [{ host: new URL(address).host, token: 'secret' }] });
  await new RelayClient(address, QUICK).has(sha256);
  setAccess({ keys: [], tokens: [{ host: 'elsewhere', token: 'secret' }] });
  await new RelayClient(address, QUICK).has(sha256);
  expect(seen).toEqual(['Bearer secret', undefined]);
});

it('addresses that are none, or hold credentials, are refused without repeating these', () => {
  expect(() => new RelayClient('127.0.0.1:4380')).toThrow('no address of a relay');
  expect(() => new RelayClient('https://me:secret@relay.example.org')).toThrow(/^(?!.*secret).*BEARER|credentials/);
});
