import { describeConformance } from './testing/conformance.ts';
import { ENGINE_NAMES } from './testing/engines.ts';

for (const name of ENGINE_NAMES) describeConformance(name);
