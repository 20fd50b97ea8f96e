/** Which datasets a generated catalogue has. */
import type { DataType } from '../../../core/catalogue/datasetName.ts';
import { dstypeidOf } from '../../../core/catalogue/eventKey.ts';
import type { DatasetFamily } from '../../../core/catalogue/manifest.ts';
import type { Family, State } from '../../../core/catalogue/tables.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import type { RunPlan } from './collisions.ts';
import { DERIVATIONS } from './derivations.ts';
import type { FilePlan } from './files.ts';
import { hash32, keyOf } from './hash.ts';
import type { MenuKind } from './menu.ts';
import { Physics, type Selection, Selector } from './physics.ts';

export interface CatalogueOptions {
  seed: number;
  /** Recorded in each run of Run 2. */
  events: number;
  /** Data types derived from each run's AOD: 1 to 100. */
  derivations: number;
  /** Of Run 2. */
  runNumbers: readonly number[];
  /** The first run's; the others' are a little above. */
  firstEvent: bigint;
  /** Share of the events of a dataset that have more than one record, of the datasets that have such. */
  duplicates: number;
  /** Besides location. */
  families: readonly Family[];
  /** Only the derivations of each run: no RAW, AOD, other streams and versions, Run 1 or simulation; nothing is missing. */
  plain: boolean;
  /** In the menu of the high-level trigger: at most 4,096. */
  chains: number;
}

export const DEFAULTS: CatalogueOptions = {
  seed: 1,
  events: 10_000,
  derivations: 12,
  runNumbers: [348885, 358031],
  firstEvent: 1_027_431n,
  duplicates: 0.02,
  families: ['provenance', 'l1', 'hlt'],
  plain: false,
  chains: 2048,
};

/** One stream of a run. */
export interface StreamPlan {
  run: RunPlan;
  /** Of the run's events. */
  share: number;
  /** The class of all events: simulation. */
  only?: string;
}

/** One data type of a dataset. */
export interface DatasetPlan {
  family: DatasetFamily;
  dataType: DataType;
  dstypeid: number;
  stream: StreamPlan;
  /** What it was made from, the nearest first. */
  parents: readonly DatasetPlan[];
  selection?: Selection;
  /** Of its events, how many have more than one record. */
  duplicates: number;
  files: FilePlan;
  /** Files that were declared, but not found. */
  lostFiles: number;
  /** Files that hold records, but were not declared: its last ones. */
  undeclaredFiles: number;
  /** Share of the records that are missing in some of its files. */
  lostEvents: number;
  families: readonly Family[];
  /** Which menu its records' bits belong to; absent where they have none. */
  smk?: number;
  /** Whether its records are in the catalogue, or only named by those made from them. */
  indexed: boolean;
  state: State;
  stateDetails: string;
  isOpen: boolean;
  /** ms since 1970-01-01 UTC. */
  inserted: number;
}

export interface CataloguePlan {
  options: CatalogueOptions;
  /** By dspid, then dstypeid. */
  datasets: DatasetPlan[];
  menus: { smk: number; kind: MenuKind; chains: number }[];
}

/** Numbers of formats in a dstypeid. */
const FORMATS = ['RAW', 'ESD', 'AOD', 'DAOD', 'NTUP', 'EVNT', 'HITS'];
/** Numbers of groups in a dstypeid, from 1 on; 0 for none. */
const GROUPS = [...DERIVATIONS.map(({ group }) => group), 'SMWZ', 'COMMON'];
const DAY = 86_400_000;
const RUN2_MENU = 2649;
const RUN1_MENU = 1371;
const SIMULATION_MENU = 2699;

/** @throws LumiscopeError `document` for options that can't be */
export function planCatalogue(options: CatalogueOptions): CataloguePlan {
  const { derivations, events, runNumbers, duplicates, chains } = options;
  const wrong = (what: string) => new LumiscopeError('document', what);
  if (!(events >= 1) || !Number.isInteger(events)) throw wrong(`there can't be ${events} events`);
  if (!Number.isInteger(derivations) || derivations < 1 || derivations > 100)
    throw wrong(`there can't be ${derivations} derivations: 1 to 100`);
  if (!(duplicates >= 0 && duplicates <= 1)) throw wrong(`a share of duplicates of ${duplicates} can't be: 0 to 1`);
  if (!(chains >= 64 && chains <= 4096)) throw wrong(`a menu of ${chains} chains can't be: 64 to 4,096`);
  if (runNumbers.length === 0 || new Set(runNumbers).size < runNumbers.length)
    throw wrong('run numbers have to differ');
  return new Planner(options).plan();
}

type DatasetOptions = Pick<DatasetPlan, 'stream' | 'dataType' | 'parents'> & Partial<DatasetPlan>;

class Planner {
  readonly #options: CatalogueOptions;
  readonly #families: DatasetFamily[] = [];
  readonly #datasets: DatasetPlan[] = [];
  #tasks = 31_260_000;

  constructor(options: CatalogueOptions) {
    this.#options = options;
  }

  plan(): CataloguePlan {
    const { runNumbers, plain, chains, families } = this.#options;
    runNumbers.forEach((runNumber, r) => {
      const run = this.#run(runNumber, r);
      if (plain) this.#derive({ run, share: 1 }, [], 'r13286_p5057', DERIVATIONS.slice(0, this.#options.derivations));
      else this.#data(run, r);
    });
    if (!plain) {
      this.#run1();
      this.#simulation();
    }
    const hasMenus = families.includes('l1') || families.includes('hlt');
    const kinds: CataloguePlan['menus'] = plain
      ? [{ smk: RUN2_MENU, kind: 'run2', chains }]
      : [
          { smk: RUN1_MENU, kind: 'run1', chains: Math.ceil(chains / 2) },
          ...runNumbers.map((_, r) => ({ smk: RUN2_MENU + r, kind: 'run2' as const, chains })),
          { smk: SIMULATION_MENU, kind: 'simulation', chains: Math.ceil(chains / 2) },
        ];
    const datasets = this.#datasets.sort((a, b) => a.family.dspid - b.family.dspid || a.dstypeid - b.dstypeid);
    return { options: this.#options, datasets, menus: hasMenus ? kinds : [] };
  }

  #run(runNumber: number, r: number): RunPlan {
    const { events, firstEvent } = this.#options;
    return {
      project: 'data18_13TeV',
      runNumber,
      streamName: 'physics_Main',
      events,
      firstEvent: firstEvent + BigInt(r) * 1013n,
      gap: gapFrom(firstEvent + BigInt(r) * 1013n, events),
      blocks: blocksOf(events),
      start: Date.UTC(2018, 3, 28, 15, 12) + r * 71.3 * DAY,
    };
  }

  #data(run: RunPlan, r: number): void {
    const { derivations, runNumbers, duplicates } = this.#options;
    const last = r === runNumbers.length - 1;
    const smk = RUN2_MENU + r;
    const main: StreamPlan = { run, share: 1 };
    const raw = this.#add('daq', 'o1', { stream: main, dataType: { format: 'RAW' }, parents: [] });
    const aod = (stream: StreamPlan, from: DatasetPlan, tag: string, more: Partial<DatasetPlan> = {}) =>
      this.#add('merge', tag, { stream, dataType: { format: 'AOD' }, parents: [from], smk, ...more });
    if (r === 0) aod(main, raw, 'f937_m1972', { state: 'obsolete', stateDetails: 'replaced by r13286_p4910' });
    const reprocessed = aod(
      main,
      raw,
      'r13286_p4910',
      last ? { lostFiles: 1, state: 'failed', stateDetails: 'files are missing' } : {},
    );
    const chosen = DERIVATIONS.slice(0, derivations);
    this.#derive(main, [reprocessed, raw], 'r13286_p5057', chosen, (k) => ({
      ...(k % 3 === 1 && { duplicates }),
      ...(last &&
        k === Math.min(10, derivations - 1) && {
          undeclaredFiles: 1,
          state: 'imported',
          stateDetails: 'a file is not declared',
        }),
      ...(k % 7 === 3 && { lostEvents: 0.08, state: 'imported', stateDetails: 'fewer events than declared' }),
      ...(k % 7 === 5 && { lostFiles: 1, state: 'imported', stateDetails: 'a file is missing' }),
    }));
    const newest = chosen.filter((_, k) => k % 2 === 0);
    // The newest version keeps the trigger's decisions.
    this.#derive(main, [reprocessed, raw], 'r13286_p5855', newest, (k) => ({
      smk,
      ...(last && { isOpen: true, state: 'importing', stateDetails: 'production goes on', lostFiles: k % 2 }),
    }));
    const express: StreamPlan = { run: { ...run, streamName: 'express_express' }, share: 0.06 };
    const expressRaw = this.#add('daq', 'o1', { stream: express, dataType: { format: 'RAW' }, parents: [] });
    aod(express, expressRaw, 'x557_m1976');
  }

  /** ESDs are made between RAW and AOD, and kept. */
  #run1(): void {
    const { events, duplicates } = this.#options;
    const run: RunPlan = {
      project: 'data12_8TeV',
      runNumber: 207490,
      streamName: 'physics_Muons',
      events: Math.ceil(events / 3),
      firstEvent: 88_102n,
      gap: 29,
      blocks: blocksOf(events / 3),
      start: Date.UTC(2012, 6, 27, 3, 40),
    };
    const stream: StreamPlan = { run, share: 1 };
    const raw = this.#add('daq', 'o1', { stream, dataType: { format: 'RAW' }, parents: [] });
    const esd = this.#add('recon', 'r4065', { stream, dataType: { format: 'ESD' }, parents: [raw], smk: RUN1_MENU });
    const aod = this.#add('merge', 'r4065_p1278', {
      stream,
      dataType: { format: 'AOD' },
      parents: [esd, raw],
      smk: RUN1_MENU,
    });
    for (const [group, signature, threshold, rate] of [
      ['SMWZ', 'mu', 12, 0.295],
      ['COMMON', 'mb', 0, duplicates],
    ] as const) {
      this.#add('merge', 'r4065_p1278_p1562', {
        stream,
        dataType: { format: 'NTUP', group },
        parents: [aod, esd, raw],
        selection: { signature, threshold, keep: 0.97 },
        duplicates: rate,
      });
    }
  }

  /** One sample with triggers, one of a fast simulation without. */
  #simulation(): void {
    const { events } = this.#options;
    const samples = [
      {
        runNumber: 410470,
        streamName: 'PhPy8EG_A14_ttbar_hdamp258p75_nonallhad',
        only: 'top',
        tags: ['e6337', 's3126', 'r10201', 'p4237'],
        smk: SIMULATION_MENU,
        groups: ['PHYS', 'TOPQ1', 'PHYSLITE', 'SUSY5'],
      },
      {
        runNumber: 361106,
        streamName: 'PowhegPythia8EvtGen_AZNLOCTEQ6L1_Zee',
        only: 'Z→ee',
        tags: ['e3601', 'a875', 'r10201', 'p4237'],
        smk: undefined,
        groups: ['PHYS', 'EGAM1', 'EGAM7'],
      },
    ];
    samples.forEach(({ runNumber, streamName, only, tags, smk, groups }, s) => {
      const run: RunPlan = {
        project: 'mc16_13TeV',
        runNumber,
        streamName,
        events: Math.ceil(events / (4 + 2 * s)),
        firstEvent: 1n,
        gap: 1,
        blocks: 0,
        start: Date.UTC(2018, 0, 9) + s * 20 * DAY,
      };
      const stream: StreamPlan = { run, share: 1, only };
      const [generated, simulated, reconstructed] = [1, 2, 3].map((n) => tags.slice(0, n).join('_')) as [
        string,
        string,
        string,
      ];
      const evnt = this.#add('evgen', generated, { stream, dataType: { format: 'EVNT' }, parents: [] });
      const hits = this.#add('simul', simulated, {
        stream,
        dataType: { format: 'HITS' },
        parents: [evnt],
        indexed: false,
        state: 'registered',
      });
      const aod = this.#add('recon', reconstructed, {
        stream,
        dataType: { format: 'AOD' },
        parents: [hits, evnt],
        ...(smk !== undefined && { smk }),
      });
      const chosen = DERIVATIONS.slice(0, Math.max(this.#options.derivations, 3)).filter(({ group }) =>
        groups.includes(group),
      );
      this.#derive(stream, [aod, hits, evnt], tags.join('_'), chosen);
    });
  }

  #derive(
    stream: StreamPlan,
    parents: readonly DatasetPlan[],
    tag: string,
    derivations: typeof DERIVATIONS,
    more: (k: number) => Partial<DatasetPlan> = () => ({}),
  ): void {
    derivations.forEach(({ group, selection }, k) => {
      const duplicates = this.#options.plain ? this.#options.duplicates : 0;
      this.#add('deriv', tag, {
        stream,
        dataType: { format: 'DAOD', group },
        parents,
        selection,
        duplicates,
        ...more(k),
      });
    });
  }

  #add(prodStep: string, amiTag: string, { stream, dataType, parents, smk, ...more }: DatasetOptions): DatasetPlan {
    const { project, runNumber, streamName, events, start } = stream.run;
    const family = this.#family({ project, runNumber, streamName, prodStep, amiTag });
    const dstypeid = dstypeidOfType(dataType);
    const isSimulated = stream.run.blocks === 0;
    const hasTrigger = smk !== undefined;
    const selected = more.selection ? new Selector(new Physics(0, 0, stream.only), more.selection, 0).share : 1;
    const records = Math.max(1, events * stream.share * selected);
    const key = keyOf(this.#options.seed, family.dspid, dstypeid, 'plan');
    const tasks = dataType.format === 'RAW' ? 0 : 1 + (records > 500 ? (key >>> 3) % 3 : 0);
    const wanted = new Set<Family>(this.#options.families);
    const families: Family[] = ['location'];
    if (wanted.has('provenance') && parents.length > 0) families.push('provenance');
    if (wanted.has('l1') && !(isSimulated && !hasTrigger)) families.push('l1');
    if (wanted.has('hlt') && hasTrigger) families.push('hlt');
    const plan: DatasetPlan = {
      family,
      dataType,
      dstypeid,
      stream,
      parents,
      duplicates: 0,
      files: {
        files: Math.max(1, Math.round(records / eventsOfFile(records))),
        tids: tasks === 0 ? [0] : Array.from({ length: tasks }, () => this.#task(key)),
        oid1: 0x200 + (hash32(key, 2) % 0x60),
      },
      lostFiles: 0,
      undeclaredFiles: 0,
      lostEvents: 0,
      families,
      ...(hasTrigger && { smk }),
      indexed: true,
      state: 'validated',
      stateDetails: '',
      isOpen: false,
      inserted: start + Math.round((2 + this.#datasets.length * 1.7) * DAY) + (hash32(key, 3) % 3_600_000),
      ...more,
    };
    this.#datasets.push(plan);
    return plan;
  }

  #family(family: Omit<DatasetFamily, 'dspid'>): DatasetFamily {
    const same = this.#families.find((one) =>
      Object.entries(family).every(([name, value]) => one[name as 'amiTag'] === value),
    );
    if (same) return same;
    const made = { dspid: this.#families.length + 1, ...family };
    this.#families.push(made);
    return made;
  }

  #task(key: number): number {
    this.#tasks += 1 + (hash32(key, this.#tasks) % 90);
    return this.#tasks * 100;
  }
}

/** @returns the number of a data type, for names that the generator knows */
function dstypeidOfType({ format, group }: DataType): number {
  return dstypeidOf(1 + FORMATS.indexOf(format), group === undefined ? 0 : 1 + GROUPS.indexOf(group));
}

/** As the square root, so that small datasets have several files and large ones thousands. */
function eventsOfFile(records: number): number {
  return Math.min(8000, Math.max(40, Math.round(2 * Math.sqrt(records))));
}

/** At most a day's worth. */
function blocksOf(events: number): number {
  return Math.max(4, Math.min(1400, Math.round(Math.sqrt(events) * 2)));
}

/** Some 37 numbers an event, as far as there are so many. */
function gapFrom(firstEvent: bigint, events: number): number {
  const room = (2n ** 64n - firstEvent) / BigInt(events);
  return room < 37n ? Math.max(1, Number(room)) : 37;
}
