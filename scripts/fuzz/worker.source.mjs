/** Starts the worker of the fuzzer: Node needs tsx to read TypeScript. */
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
