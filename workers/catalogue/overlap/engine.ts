import { openPairDevice, type PairDevice } from '../../../gpu-kernels/overlap/pairs.ts';
import { GpuTrouble } from '../../../gpu-kernels/types.ts';

/** What counts pairs: as the caller asks, or (`auto`) as pays. */
export type OverlapEngine = 'auto' | 'wasm' | 'gpu';

/** What counted them. */
export interface CountedBy {
  engine: 'wasm' | 'gpu';
  /** Why it is not the one that was asked for. */
  note?: string;
}

/** Streams from which on a GPU gains more than handing it the bits costs. */
const GPU_STREAMS = 128;
/** Seconds that WebAssembly would take on one thread: opening a GPU takes a few tenths. */
const GPU_SECONDS = 1;
/** Of WebAssembly, for 128 bits of a pair. */
const PAIR_SECONDS = 0.7e-9;

/** Whether a GPU, if there is one that is no software, counts pairs sooner. @param events that streams may have, at most */
export function gpuPays(streams: number, events: number): boolean {
  return streams >= GPU_STREAMS && ((streams * streams) / 2) * (events / 128) * PAIR_SECONDS > GPU_SECONDS;
}

/** Which engine is tried. */
export function engineOf(asked: OverlapEngine, streams: number, events: number): OverlapEngine {
  return asked === 'auto' && !gpuPays(streams, events) ? 'wasm' : asked;
}

/** WebGPU's entry point. @throws GpuTrouble `refused` */
export type FindGpu = () => Promise<GPU | undefined>;

/** The device of each entry point: one a thread. */
const devices = new WeakMap<FindGpu, Promise<PairDevice>>();

/** Opened when first asked for, and again after it was lost. @throws GpuTrouble */
function deviceOf(findGpu: FindGpu): Promise<PairDevice> {
  const known = devices.get(findGpu);
  if (known) return known;
  const opening = findGpu().then(openPairDevice);
  const forget = () => {
    if (devices.get(findGpu) === opening) devices.delete(findGpu);
  };
  opening.then((device) => device.lost.then(forget), forget);
  devices.set(findGpu, opening);
  return opening;
}

const noGpu: FindGpu = async () => undefined;

/**
 * Counts on the GPU if that is asked for and there is one; else, or where it fails in the middle, by WebAssembly from the start.
 * @param count with a device, or without one
 */
export async function onEngine<T>(
  asked: OverlapEngine,
  findGpu: FindGpu | undefined,
  count: (device: PairDevice | undefined) => Promise<T>,
): Promise<T & { by: CountedBy }> {
  if (asked === 'wasm') return { ...(await count(undefined)), by: { engine: 'wasm' } };
  try {
    const device = await deviceOf(findGpu ?? noGpu);
    if (asked === 'gpu' || !device.info.isSoftware) return { ...(await count(device)), by: { engine: 'gpu' } };
    return { ...(await count(undefined)), by: { engine: 'wasm' } };
  } catch (trouble) {
    if (!(trouble instanceof GpuTrouble)) throw trouble;
    const note = `WebAssembly counted: ${trouble.message}`;
    return { ...(await count(undefined)), by: { engine: 'wasm', ...(asked === 'gpu' && { note }) } };
  }
}
