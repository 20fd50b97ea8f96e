/** Events for `brush.ts`: flat columns of single precision, a million seeded events over and over. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { ParquetWriter } from '../workers/formats/parquet/write/parquetWriter.ts';
import { encodeGroup } from '../workers/formats/parquet/write/rowGroup.ts';
import type { WrittenColumn } from '../workers/formats/parquet/write/types.ts';

const TILE = 1_000_000;

/** Six plots of five columns; 20 bytes an event. */
export const BRUSH_HISTOGRAMS = `
  met:
    axes:
      - { value: MET_pt, bins: 100, range: [0, 200], label: "missing pT", unit: GeV }
  mass:
    axes:
      - { value: mass, bins: 120, range: [0, 240], label: "m", unit: GeV }
    view: { log: true }
  eta:
    axes:
      - { value: eta, bins: 60, range: [-3, 3], label: "η" }
  energy:
    axes:
      - { value: "MET_pt * cosh(eta)", bins: 100, range: [1, 1000], scale: log, label: "E", unit: GeV }
  directions:
    axes:
      - { value: eta, bins: 50, range: [-3, 3], label: "η" }
      - { value: phi, bins: 50, range: [-3.2, 3.2], label: "φ" }
  jets:
    axes:
      - { value: mass, bins: 50, range: [0, 240], label: "m", unit: GeV }
      - { value: HT, bins: 50, range: [0, 1000], label: "H_T", unit: GeV }
`;

/** Writes so many million events. */
export async function writeBrushEvents(path: string, millions: number): Promise<void> {
  const made = events();
  const infos = Object.keys(made).map((name): WrittenColumn => ({ name, type: 'float32', depth: 0, nullable: false }));
  const columns = Object.values(made).map((values) => ({
    type: 'float32' as const,
    length: TILE,
    offsets: [],
    values,
  }));
  const group = await encodeGroup(infos, columns, 'UNCOMPRESSED');
  const out = createWriteStream(path);
  const sink = {
    async write(bytes: Uint8Array) {
      if (!out.write(bytes)) await once(out, 'drain');
    },
  };
  const writer = new ParquetWriter(sink, infos, { codec: 'UNCOMPRESSED', createdBy: 'bench', metadata: {} });
  for (let k = 0; k < millions; k++) await writer.group(group);
  await writer.finish();
  out.end();
  await once(out, 'finish');
}

function events(): Record<string, Float32Array> {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  const column = (draw: () => number) => Float32Array.from({ length: TILE }, draw);
  const bell = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  return {
    MET_pt: column(() => -30 * Math.log(random())),
    mass: column(() => (random() < 0.1 ? 91 + 3 * bell() : -50 * Math.log(random()))),
    eta: column(() => 1.2 * bell()),
    phi: column(() => Math.PI * (2 * random() - 1)),
    HT: column(() => -150 * Math.log(random() * random())),
  };
}
