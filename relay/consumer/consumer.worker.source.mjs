/** Starts the worker from its source, where nothing is built: Node needs tsx to read TypeScript. */
import { register } from 'tsx/esm/api';

register();
await import('./consumer.worker.ts');
