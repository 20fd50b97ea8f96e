import type { GpuInfo } from '../../../gpu-kernels/types.ts';

/** What is known before a run that is free to take either engine. */
export interface Circumstances {
  /** Of the chunks to run. */
  events: number;
  /** Of their columns, what is not on the GPU yet; as it will lie there, roughly. */
  missingBytes: number;
  /** The device; why there is none; undefined where nobody has asked yet. */
  device: GpuInfo | { refused: string } | undefined;
  /** How the last runs went that read nothing and uploaded nothing; undefined before the first one. */
  rates: EngineRates;
}

/** Events a second. */
export interface EngineRates {
  wasm?: number;
  /** The events in doubt included, at the rate of `wasm`. */
  gpu?: number;
}

/** Fewer events than these take WebAssembly some hundredths of a second: not worth the memory of another device. */
const WORTH_A_GPU = 1e6;
/** Events a second of one simple plot on one core, until a run has told better. */
const WASM_GUESS = 30e6;
/** Of any GPU that is none of software: taken on trust once. */
const GPU_GUESS = 1e9;
/** Bytes a second of columns on their way to the device: copied in a worker, handed over twice, written. */
const UPLOAD_RATE = 1e9;
/** What a run on the GPU takes however little it does: dispatches, results read back, doubtful events. */
const GPU_START_S = 0.005;

/** The engine that is taken to end first, and why it is not the GPU where it is not. A software renderer is never taken. */
export function chooseEngine({ events, missingBytes, device, rates }: Circumstances): {
  engine: 'wasm' | 'gpu';
  reason?: string;
} {
  const wasm = (reason: string) => ({ engine: 'wasm' as const, reason });
  if (events < WORTH_A_GPU) return wasm('WebAssembly is as fast with so few events');
  if (!device) return wasm('the GPU is asked for after the first run');
  if ('refused' in device) return wasm(device.refused);
  if (device.isSoftware) return wasm(`${device.description} is no GPU but a program, slower than WebAssembly`);
  const wasmSeconds = events / (rates.wasm ?? WASM_GUESS);
  const gpuSeconds = GPU_START_S + missingBytes / UPLOAD_RATE + events / (rates.gpu ?? GPU_GUESS);
  if (gpuSeconds <= wasmSeconds) return { engine: 'gpu' };
  const why = missingBytes > 0 && GPU_START_S + events / (rates.gpu ?? GPU_GUESS) <= wasmSeconds;
  return wasm(why ? 'the columns are not on the GPU yet' : 'the last runs were faster with WebAssembly');
}
