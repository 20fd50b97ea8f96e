/**
 * Writes the data of the examples into `public/demo/`: simulated collisions with NanoAOD's names, from fixed seeds.
 * Nothing in them was measured; their metadata say so.
 */
import { COLUMNS, type NumberedEvent } from './demo/columns.ts';
import { record } from './demo/detector.ts';
import { higgs, withJets, zPair } from './demo/fourLeptons.ts';
import { collide, type TrueEvent } from './demo/processes.ts';
import { Random } from './demo/random.ts';
import { writeEvents } from './demo/write.ts';

const SEED = 20120704;
/** A run for each row group, so that a cut on the run number prunes row groups. */
const RUNS = 6;
const EVENTS_PER_RUN = 50_000;
const EVENTS_PER_BLOCK = 500;

await writeEvents({
  name: 'lumiscope-demo.parquet',
  title: 'Simulated dimuon demo',
  description:
    'Simulated collisions for the Lumiscope demo: muon pairs of J/ψ, ψ(2S), Υ and Z over a continuum, W, top pairs. ' +
    'Made by scripts/demo-data.ts from a fixed seed; not measured, and in no detector’s proportions.',
  columns: COLUMNS,
  groups: demoRuns(new Random(SEED)),
});

/** Four leptons: kinds of events, how many are simulated, and how many each kind's weights sum to. */
const FOUR_LEPTONS: [
  file: string,
  what: string,
  process: (random: Random) => TrueEvent,
  events: number,
  sum: number,
][] = [
  ['higgs-signal.parquet', 'Higgs bosons of 125 GeV to ZZ to four leptons', higgs, 12_000, 48],
  ['higgs-zz.parquet', 'pairs of Z bosons to four leptons', zPair, 24_000, 700],
  ['higgs-jets.parquet', 'a Z boson or a top pair, with two leptons out of jets', withJets, 24_000, 1_200],
];
const SCALAR = /^(run|luminosityBlock|event|genWeight|n?(Muon|Electron).*)$/;

for (const [i, [name, what, process, events, sum]] of FOUR_LEPTONS.entries()) {
  await writeEvents({
    name,
    title: `Simulated four-lepton events: ${what}`,
    description: `${what}, kept where three leptons at least are seen. Made by scripts/demo-data.ts from a fixed seed; not measured.`,
    columns: COLUMNS.filter((column) => SCALAR.test(column.name) && !/jetIdx/.test(column.name)),
    groups: [fourLeptons(new Random(SEED + 1 + i), process, events, sum / events)],
  });
}

function* demoRuns(random: Random): Generator<NumberedEvent[]> {
  for (let run = 1; run <= RUNS; run++) yield simulateRun(run, random);
}

/** Event numbers ascend with gaps, as after a trigger, and pass 2^32 in the later runs. */
function simulateRun(run: number, random: Random): NumberedEvent[] {
  let number = BigInt(run) * 1_000_000_000n;
  return Array.from({ length: EVENTS_PER_RUN }, (_, index) => {
    number += BigInt(1 + Math.floor(random.exponential(40)));
    return {
      ...record(collide(random), random),
      run,
      luminosityBlock: 1 + Math.floor(index / EVENTS_PER_BLOCK),
      event: number,
    };
  });
}

/** What is left of so many events of one kind where three leptons are seen, each with the same weight. */
function fourLeptons(
  random: Random,
  process: (random: Random) => TrueEvent,
  events: number,
  weight: number,
): NumberedEvent[] {
  const seen: NumberedEvent[] = [];
  for (let number = 1; number <= events; number++) {
    const recorded = record(process(random), random);
    if (recorded.muons.length + recorded.electrons.length < 3) continue;
    const luminosityBlock = 1 + Math.floor(number / EVENTS_PER_BLOCK);
    seen.push({ ...recorded, genWeight: weight, run: 1, luminosityBlock, event: BigInt(number) });
  }
  return seen;
}
