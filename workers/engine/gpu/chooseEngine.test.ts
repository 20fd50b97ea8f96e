import { expect, it } from 'vitest';
import { type Circumstances, chooseEngine } from './chooseEngine.ts';

const limits = { workgroupBytes: 16_384, workgroupThreads: 256, bindingBytes: 1e9 };
const real = { vendor: 'a', architecture: 'b', description: 'a real GPU', isSoftware: false, budget: 1e9, limits };
const software = { ...real, description: 'SwiftShader', isSoftware: true };
const resident: Circumstances = { events: 10e6, missingBytes: 0, device: real, rates: { wasm: 50e6, gpu: 2e9 } };

it.each<[string, Partial<Circumstances>, 'wasm' | 'gpu', RegExp?]>([
  ['columns are on a real GPU', {}, 'gpu'],
  ['nobody knows yet how fast the GPU is', { rates: { wasm: 50e6 } }, 'gpu'],
  ['nothing has run yet', { rates: {} }, 'gpu'],
  ['few events', { events: 50_000 }, 'wasm', /few events/],
  ['the device was not asked for', { device: undefined }, 'wasm', /after the first run/],
  ['there is no device', { device: { refused: 'no adapter' } }, 'wasm', /^no adapter$/],
  ['the device is software, however fast it seems', { device: software }, 'wasm', /SwiftShader is no GPU/],
  ['the GPU was slower', { rates: { wasm: 50e6, gpu: 20e6 } }, 'wasm', /faster with WebAssembly/],
  ['much has to be uploaded', { missingBytes: 800e6 }, 'wasm', /not on the GPU yet/],
  ['little has to be uploaded', { missingBytes: 20e6 }, 'gpu'],
  [
    'much has to be uploaded, but WebAssembly takes far longer',
    { missingBytes: 800e6, rates: { wasm: 1e6, gpu: 2e9 } },
    'gpu',
  ],
])('%s', (_, change, engine, reason) => {
  const choice = chooseEngine({ ...resident, ...change });
  expect(choice.engine).toBe(engine);
  if (reason) expect(choice.reason).toMatch(reason);
  else expect(choice.reason).toBeUndefined();
});
