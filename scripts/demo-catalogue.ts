/** Writes the catalogue of the demo into `public/demo/catalogue/`: made-up records with the shapes of real ones, from a fixed seed. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { generateCatalogue } from '../workers/catalogue/generate/generateCatalogue.ts';
import { DEFAULTS } from '../workers/catalogue/generate/plan.ts';
import { catalogueIn } from '../workers/catalogue/write/catalogueStore.ts';
import { folderObjects } from '../workers/objects/folderObjects.ts';
import { root } from './upToDate.ts';

const folder = join(root, 'public/demo/catalogue');
rmSync(folder, { recursive: true, force: true });
await generateCatalogue(
  catalogueIn(folderObjects(folder)),
  { ...DEFAULTS, seed: 20_180_428, events: 2300 },
  { title: 'Demo: two runs of 2018, one of 2012, two simulated samples' },
);
