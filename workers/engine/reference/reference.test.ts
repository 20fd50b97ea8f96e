import { describeConformance } from '../testing/conformance.ts';
import { referenceEngine } from './engine.ts';

describeConformance(referenceEngine);
