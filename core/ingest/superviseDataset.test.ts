import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KnownMessage } from './chooseObjects.ts';
import type { Insertion } from './datasetState.ts';
import type { Declaration } from './declaration.ts';
import { type DatasetFacts, type SupervisorPolicy, superviseDataset } from './superviseDataset.ts';
import type { Validation } from './validation.ts';

const DATASET = 'data18_13TeV.00358031.physics_Main.merge.AOD.r13286_p4910_tid18340570_00';
const POLICY: SupervisorPolicy = { stalledMs: 1000, clockMs: 500, duplicatesMs: 100, stagedMs: 300, messagesMs: 600 };
const GUIDS = [0, 1, 2, 3].map((k) => `00000000-0000-4000-8000-00000000000${k}`);
const hex = (n: number) => n.toString(16).padStart(64, '0');

function message(
  object: number,
  job: number,
  files: [file: number, events: number, digest?: number][],
  received = 0,
): KnownMessage {
  return {
    sha256: hex(1000 + object * 10 + job),
    received,
    stored: received,
    message: {
      dataset: DATASET,
      job: { id: job },
      producer: 'test',
      object: { sha256: hex(object), bytes: 100 + object },
      files: files.map(([file, events, digest = file]) => ({ guid: GUIDS[file]!, events, digest: hex(digest) })),
    },
  };
}

function declared(counts: number[], more: Partial<Declaration> = {}) {
  const files = counts.map((events, k) => ({ guid: GUIDS[k]!, events }));
  return { received: 0, stored: 0, declaration: { dataset: DATASET, files, open: false, sourcePath: '', ...more } };
}

/** All objects of the messages are there, but those that are named. */
function sizes(facts: DatasetFacts, other: Record<string, number | undefined> = {}) {
  const known = new Map(facts.messages.map(({ message: { object } }) => [object.sha256, object.bytes]));
  return (sha256: string) => (sha256 in other ? other[sha256] : known.get(sha256));
}

const insertion = (generation: number, state: Insertion['state'], since: number): Insertion => ({
  dataset: DATASET,
  generation,
  state,
  details: '',
  consumer: 'c',
  attempts: 1,
  began: since,
  since,
});

const facts = (more: Partial<DatasetFacts>): DatasetFacts => ({
  dataset: DATASET,
  messages: [],
  generations: [],
  ...more,
});

describe('a dataset', () => {
  it('is validated when each declared file has a complete object, once', () => {
    const messages = [message(1, 1, [[0, 10]], 3), message(2, 2, [[1, 5]], 2)];
    const one = facts({ declared: declared([10, 5]), messages });
    const { write, progress } = superviseDataset(one, sizes(one), POLICY, 7);
    expect(write).toEqual({
      dataset: DATASET,
      generation: 1,
      objects: [
        { sha256: hex(1), bytes: 101 },
        { sha256: hex(2), bytes: 102 },
      ],
      references: [
        { guid: GUIDS[0], events: 10, digest: hex(0), object: 0 },
        { guid: GUIDS[1], events: 5, digest: hex(1), object: 1 },
      ],
      notes: [],
      open: false,
      sourcePath: '',
      firstStaged: 2,
      validated: 7,
    } satisfies Validation);
    expect(progress).toMatchObject({ state: 'VALIDATED', generation: 1, files: 2, events: 15, filesComplete: 2 });
    const next = { ...one, generations: [{ validation: write! }] };
    const then = superviseDataset(next, sizes(next), POLICY, 8);
    expect(then.write).toBeUndefined();
    expect(then.progress).toMatchObject({ state: 'VALIDATED', since: 7 });
  });

  it('nobody declared waits, and is picked up when somebody does', () => {
    const messages = [message(1, 1, [[0, 10]], 3)];
    const one = facts({ messages });
    expect(superviseDataset(one, sizes(one), POLICY, 1e9).progress).toMatchObject({
      state: 'UNDECLARED',
      since: 3,
      alarms: [{ alarm: 'unknown-dataset' }],
    });
    const next = { ...one, declared: declared([10]) };
    expect(superviseDataset(next, sizes(next), POLICY, 5).write?.references).toHaveLength(1);
  });

  it('says which counts differ, which objects are not there or damaged, and which files are unknown', () => {
    const messages = [
      message(1, 7, [[0, 8]]),
      message(2, 2, [[1, 5]]),
      message(3, 3, [
        [2, 4],
        [3, 1],
      ]),
    ];
    const one = facts({ declared: declared([10, 5, 4]), messages });
    const { progress, write } = superviseDataset(one, sizes(one, { [hex(2)]: undefined, [hex(3)]: 5 }), POLICY, 7);
    expect(write).toBeUndefined();
    expect(progress.state).toBe('COLLECTING');
    expect(progress.details).toBe(
      `3 of 3 files are not there: ${GUIDS[0]} (declared 10, found 8 by job 7), ${GUIDS[1]} (the object is not there, job 2), ${GUIDS[2]} (the object is damaged, job 3)`,
    );
    expect(progress.alarms.map(({ alarm }) => alarm)).toEqual(['counts-differ', 'corrupt-object', 'unknown-file']);
    expect(progress.alarms[2]!.reason).toContain(GUIDS[3]);
  });

  it('of which nothing came for long is stalled, and goes on when it comes', () => {
    const one = facts({ declared: declared([10, 5]), messages: [message(1, 1, [[0, 10]], 400)] });
    expect(superviseDataset(one, sizes(one), POLICY, 1399)).toMatchObject({ again: 1400, progress: { alarms: [] } });
    const { progress } = superviseDataset(one, sizes(one), POLICY, 1400);
    expect(progress.alarms).toMatchObject([{ alarm: 'stalled', reason: expect.stringContaining(GUIDS[1]!) }]);
    const next = { ...one, messages: [...one.messages, message(2, 1, [[1, 5]], 1500)] };
    expect(superviseDataset(next, sizes(next), POLICY, 1500).write).toBeDefined();
  });

  it('whose clocks are apart is validated all the same', () => {
    const ahead = { ...message(1, 1, [[0, 10]], 9_000_000), stored: 5 };
    const one = facts({ declared: declared([10]), messages: [ahead] });
    const { write, progress } = superviseDataset(one, sizes(one), POLICY, 10);
    expect(write).toBeDefined();
    expect(progress.alarms).toMatchObject([{ alarm: 'clock' }]);
    const incomplete = facts({ declared: declared([10, 5]), messages: [ahead] });
    expect(superviseDataset(incomplete, sizes(incomplete), POLICY, 1005).progress.alarms).toMatchObject([
      { alarm: 'clock' },
      { alarm: 'stalled' },
    ]);
  });

  it('with different contents for a file takes those of the rule, and says so', () => {
    const messages = [message(1, 1, [[0, 10, 77]]), message(2, 2, [[0, 10, 78]])];
    const one = facts({ declared: declared([10]), messages });
    const { write, progress, duplicates } = superviseDataset(one, sizes(one), POLICY, 10);
    expect(write!.objects[0]!.sha256).toBe(hex(2));
    expect(write!.notes).toEqual([
      `jobs 1 and 2 found different records in file ${GUIDS[0]}: those of job 2 are taken`,
    ]);
    expect(progress.alarms).toMatchObject([{ alarm: 'contents-differ' }]);
    expect(duplicates).toEqual([hex(1)]);
  });

  it('that is published stays as it is when a better job comes late', () => {
    const one = facts({ declared: declared([10]), messages: [message(1, 1, [[0, 10]])] });
    const { write } = superviseDataset(one, sizes(one), POLICY, 10);
    const late = facts({
      ...one,
      messages: [...one.messages, message(5, 9, [[0, 10, 99]], 20)],
      generations: [{ validation: write!, insertion: insertion(1, 'DONE', 15) }],
    });
    const then = superviseDataset(late, sizes(late), POLICY, 25);
    expect(then.write).toBeUndefined();
    expect(then).toMatchObject({ settled: true, duplicates: [hex(5)], expired: [], again: 120 });
    expect(then.progress).toMatchObject({ state: 'DONE', alarms: [{ alarm: 'contents-differ' }] });
    const retried = { ...late, retry: { generation: 1, requested: 26 } };
    const again = superviseDataset(retried, sizes(retried), POLICY, 27).write!;
    expect([again.generation, again.objects[0]!.sha256]).toEqual([2, hex(5)]);
  });

  it('is validated anew when other files are declared, fewer ones as well', () => {
    const messages = [message(1, 1, [[0, 10]]), message(2, 1, [[1, 5]])];
    const one = facts({ declared: declared([10, 5]), messages });
    const generations = [
      { validation: superviseDataset(one, sizes(one), POLICY, 1).write!, insertion: insertion(1, 'DONE', 2) },
    ];
    const fewer = facts({ declared: declared([10]), messages, generations });
    expect(superviseDataset(fewer, sizes(fewer), POLICY, 3).write).toMatchObject({
      generation: 2,
      references: [{ guid: GUIDS[0] }],
    });
    const more = facts({ declared: declared([10, 5, 7]), messages, generations });
    expect(superviseDataset(more, sizes(more), POLICY, 3).progress).toMatchObject({
      state: 'COLLECTING',
      details: expect.stringMatching(/^validation 1 is DONE; for another one, 1 of 3 files is not there/),
    });
  });

  it('whose chosen object is lost before it is published takes another one', () => {
    const messages = [message(1, 1, [[0, 10]]), message(2, 2, [[0, 10]])];
    const one = facts({ declared: declared([10]), messages });
    const generations = [
      { validation: superviseDataset(one, sizes(one), POLICY, 1).write!, insertion: insertion(1, 'FAIL', 2) },
    ];
    const then = superviseDataset({ ...one, generations }, sizes(one, { [hex(2)]: undefined }), POLICY, 3);
    expect(then.write).toMatchObject({ generation: 2, objects: [{ sha256: hex(1) }] });
    expect(then.progress.alarms).toMatchObject([{ alarm: 'corrupt-object' }]);
  });

  it('lets its objects go some time after it was seen to be published: duplicates first, those of an open one last', () => {
    const messages = [message(1, 1, [[0, 10]]), message(2, 2, [[0, 10]]), message(3, 1, [[3, 1]], 50)];
    const one = facts({ declared: declared([10]), messages });
    const generations = [
      { validation: superviseDataset(one, sizes(one), POLICY, 1).write!, insertion: insertion(1, 'DONE', 2) },
    ];
    const done = facts({ ...one, generations, publishedSeen: 1000 });
    const at = (now: number, more: Partial<DatasetFacts> = {}) =>
      superviseDataset({ ...done, ...more }, sizes(done), POLICY, now);
    expect(at(1099)).toMatchObject({ expired: [], again: 1100 });
    expect(at(1100).expired).toEqual([hex(1)]);
    expect(at(1300).expired.sort()).toEqual([hex(1), hex(2), hex(3)]);
    expect(at(1300)).toMatchObject({ messagesExpired: false, again: 1600 });
    expect(at(1600).messagesExpired).toBe(true);
    const { declaration } = done.declared!;
    const open = { declared: { ...done.declared!, declaration: { ...declaration, open: true } } };
    expect(at(9999, open).expired.sort()).toEqual([hex(1), hex(3)]);
    // Without its messages the next generation would know nothing of the object that stays.
    expect(at(9999, open).messagesExpired).toBe(false);
    const isGone = superviseDataset({ ...done, ...open }, () => undefined, POLICY, 9999);
    expect(isGone.messagesExpired).toBe(true);
  });
});

/** What may happen to a dataset, in any order. */
type Step =
  | { do: 'declare'; counts: number[] }
  | { do: 'send' | 'resend' | 'object arrives' | 'object arrives damaged' | 'object is lost'; of: number }
  | { do: 'consumer begins' | 'consumer publishes' | 'consumer fails' | 'retry' | 'expired objects go' }
  | { do: 'time passes'; ms: number };

/** Jobs that may run: several for a file, with the right and with wrong counts, one for two files. */
const JOBS = [
  message(1, 1, [[0, 10]]),
  message(2, 2, [[0, 10]]),
  message(3, 2, [[0, 10, 50]]),
  message(4, 9, [[0, 4]]),
  message(5, 1, [[1, 5]]),
  message(6, 3, [
    [0, 10],
    [1, 5],
  ]),
  message(7, 1, [
    [2, 3],
    [1, 4],
  ]),
  message(8, 0, [[2, 3]]),
];

const ofJob = fc.nat({ max: JOBS.length - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('declare' as const),
    counts: fc.constantFrom<number[]>([10], [10, 5], [10, 5, 3], [10, 4, 3], [4]),
  }),
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), of: ofJob }) },
  fc.record({ do: fc.constant('resend' as const), of: ofJob }),
  { weight: 6, arbitrary: fc.record({ do: fc.constant('object arrives' as const), of: ofJob }) },
  fc.record({ do: fc.constantFrom('object arrives damaged' as const, 'object is lost' as const), of: ofJob }),
  fc.record({ do: fc.constantFrom('consumer begins' as const, 'consumer publishes' as const) }),
  fc.record({ do: fc.constantFrom('consumer fails' as const, 'retry' as const, 'expired objects go' as const) }),
  fc.record({ do: fc.constant('time passes' as const), ms: fc.constantFrom(1, 99, 250, 700, 2000) }),
);

/** The choice once more, in plain words: of the complete ones of a file, sorted, the last. */
function plainChoice(one: DatasetFacts, objects: Map<string, number>) {
  return one.declared!.declaration.files.map(({ guid, events }) => {
    const found = one.messages
      .filter((m) => m.message.files.some((file) => file.guid === guid && file.events === events))
      .filter(({ message: { object } }) => objects.get(object.sha256) === object.bytes)
      .sort(
        (a, b) =>
          a.message.job.id - b.message.job.id ||
          a.received - b.received ||
          (a.message.object.sha256 < b.message.object.sha256 ? -1 : 1),
      );
    return found.at(-1)?.message.object.sha256;
  });
}

function plainlyWanted(one: DatasetFacts, objects: Map<string, number>): boolean {
  const latest = one.generations.at(-1);
  if (!latest) return true;
  const files = one.declared!.declaration.files.map(({ guid, events }) => `${guid} ${events}`).sort();
  const taken = latest.validation.references.map(({ guid, events }) => `${guid} ${events}`).sort();
  const isLost = latest.validation.objects.some(({ sha256, bytes }) => objects.get(sha256) !== bytes);
  const isPublished = latest.insertion?.state === 'DONE';
  return (
    files.join() !== taken.join() || (isLost && !isPublished) || one.retry?.generation === latest.validation.generation
  );
}

describe('whatever happens, and in whatever order', () => {
  it('one object is chosen for each file, complete datasets are validated once, nothing refers to what was deleted', () => {
    let validations = 0;
    const everything = (steps: Step[], shuffle: number) => {
      let one = facts({});
      const objects = new Map<string, number>();
      let now = 1000;
      const look = () => {
        const rotated = one.messages.map((_, k) => one.messages[(k + shuffle) % one.messages.length]!);
        const result = superviseDataset({ ...one, messages: rotated }, (s) => objects.get(s), POLICY, now);
        expect(result).toEqual(superviseDataset(one, (s) => objects.get(s), POLICY, now));
        return result;
      };
      for (const step of steps) {
        const latest = one.generations.at(-1);
        const setLatest = (state: Insertion['state']) => {
          if (!latest || latest.insertion?.state === 'DONE' || latest.insertion?.state === 'FAIL') return;
          const changed = { ...latest, insertion: insertion(latest.validation.generation, state, now) };
          one = { ...one, generations: [...one.generations.slice(0, -1), changed] };
        };
        now++;
        if (step.do === 'declare') one = { ...one, declared: { ...declared(step.counts), received: now, stored: now } };
        if (step.do === 'send' || step.do === 'resend') {
          const { sha256 } = JOBS[step.of]!;
          const isKnown = one.messages.some((m) => m.sha256 === sha256);
          const sent = { ...JOBS[step.of]!, received: now, stored: now };
          if (!isKnown) one = { ...one, messages: [...one.messages, sent] };
        }
        const object = 'of' in step ? JOBS[step.of]!.message.object : undefined;
        if (step.do === 'object arrives') objects.set(object!.sha256, object!.bytes);
        if (step.do === 'object arrives damaged' && !objects.has(object!.sha256)) objects.set(object!.sha256, 1);
        if (step.do === 'object is lost') objects.delete(object!.sha256);
        if (step.do === 'consumer begins') setLatest('INSERTING');
        if (step.do === 'consumer publishes') setLatest('DONE');
        if (step.do === 'consumer fails') setLatest('FAIL');
        if (step.do === 'retry' && latest)
          one = { ...one, retry: { generation: latest.validation.generation, requested: now } };
        if (step.do === 'time passes') now += step.ms;
        if (step.do === 'expired objects go') {
          const unpublished = one.generations.at(-1);
          for (const sha256 of look().expired) {
            expect(unpublished?.insertion?.state).toBe('DONE');
            objects.delete(sha256);
          }
        }

        const { write, progress, duplicates } = look();
        if (!one.declared) {
          expect(write).toBeUndefined();
          expect(progress.state).toBe('UNDECLARED');
          continue;
        }
        const choice = plainChoice(one, objects);
        const isDue = plainlyWanted(one, objects) && choice.every(Boolean);
        expect(write !== undefined).toBe(isDue);
        expect(progress.state === 'COLLECTING').toBe(plainlyWanted(one, objects) && !isDue);
        const stands = write ?? one.generations.at(-1)?.validation;
        if (stands) for (const { sha256 } of stands.objects) expect(duplicates).not.toContain(sha256);
        if (!write) continue;
        expect(write.references.map(({ object }) => write.objects[object]!.sha256)).toEqual(choice);
        expect(write.references.map(({ guid }) => guid)).toEqual(
          one.declared.declaration.files.map(({ guid }) => guid),
        );
        expect(new Set(write.references.map(({ guid }) => guid)).size).toBe(write.references.length);
        expect(write.generation).toBe((one.generations.at(-1)?.validation.generation ?? 0) + 1);
        for (const { sha256, bytes } of write.objects) expect(objects.get(sha256)).toBe(bytes);
        one = { ...one, generations: [...one.generations, { validation: write }] };
        validations++;
        expect(look().write).toBeUndefined();
      }
    };
    fc.assert(fc.property(fc.array(step, { maxLength: 60, size: 'max' }), fc.nat(7), everything), { numRuns: 60 });
    expect(validations).toBeGreaterThan(20);
  });
});
