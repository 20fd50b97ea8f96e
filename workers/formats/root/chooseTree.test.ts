import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parseDocument } from '../../../core/analysis/yaml.ts';
import { createSession } from '../../createSession.ts';
import { createEngine } from '../../engine/createEngine.ts';
import type { FileAddress } from '../../io/byteSource.ts';
import { openSourceInNode } from '../../io/nodeFile.ts';
import { localThreads } from '../../testing/localThreads.ts';
import { openEventFile } from '../open.ts';
import { chooseTree } from './chooseTree.ts';
import type { RootFile } from './rootFile.ts';

/** Made by fixtures/folders.py. */
const FOLDERS = fileURLToPath(new URL('fixtures/folders.root', import.meta.url));

it('the only tree is taken, and of several the one that experiments call their events', () => {
  expect(choose(['analysis/tree'])).toBe('analysis/tree;1');
  expect(choose(['Runs', 'Events', 'LuminosityBlocks'])).toBe('Events;1');
  expect(choose(['MetaData', 'nominal/CollectionTree'])).toBe('nominal/CollectionTree;1');
  expect(choose(['old/Events', 'Events', 'Runs'])).toBe('Events;1');
});

it('the newest cycle is taken where none is asked for', () => {
  expect(choose(['Events;3', 'Events;2'])).toBe('Events;3');
  expect(choose(['Events;3', 'Events;2'], 'Events;2')).toBe('Events;2');
});

it('trees that can not be told apart are an error with their names', () => {
  const several = {
    message: expect.stringContaining('several trees'),
    place: { file: 'trees.root', trees: ['a/Events', 'b/Events'] },
  };
  expect(() => choose(['a/Events', 'b/Events'])).toThrow(expect.objectContaining(several));
  expect(() => choose([])).toThrow('no tree of events');
});

it('a session has each tree of one file as a file of its own, and tells a wrong one at its place in the document', async () => {
  const { spawn } = localThreads({ openSource: openSourceInNode, openEventFile, createEngine });
  const session = createSession(spawn, { workers: 1 });
  const address = (tree?: string): FileAddress => ({
    kind: 'path',
    path: FOLDERS,
    ...(tree !== undefined && { tree }),
  });
  const events = async (tree?: string) => (await session.open(address(tree))).events;
  expect([await events(), await events('Events;1'), await events('nominal/CollectionTree'), await events()]).toEqual([
    7, 5, 3, 7,
  ]);
  const { document } = parseDocument(
    'lumiscope: 1\ndatasets: [{ name: a, files: [folders.root] }, { name: b, files: [folders.root], tree: Evnts }]',
  );
  await expect(session.run(document!, [[address()], [address('Evnts')]])).rejects.toMatchObject({
    tag: 'document',
    place: { keys: ['datasets', 1, 'tree'], trees: ['Events', 'nominal/CollectionTree'] },
  });
  session.close();
});

/** @param trees paths, with cycles. @returns that of the chosen one */
function choose(trees: string[], asked?: string): string {
  const keys = trees.map((path) => {
    const [, directory = '', name, cycle = 1] = /^(?:(.*)\/)?([^;]*)(?:;(\d+))?$/.exec(path)!;
    return { directory, name, cycle: Number(cycle), className: 'TTree' };
  });
  const { key } = chooseTree({ source: { url: 'trees.root' }, keys } as unknown as RootFile, asked);
  return `${key.directory ? `${key.directory}/` : ''}${key.name};${key.cycle}`;
}
