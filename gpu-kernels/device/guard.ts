import { GpuTrouble } from '../types.ts';

/** A device, and how it fails: each wait ends with the device, and each error of WebGPU becomes a `GpuTrouble`. */
export class Guard {
  readonly device: GPUDevice;
  /** Settles when the device is gone without `close`, with the reason. */
  readonly lost: Promise<string>;
  #end?: GpuTrouble;
  #isClosed = false;
  /** Of what nobody waited for; the next call tells it. */
  #uncaptured?: GpuTrouble;
  /** What ends each wait that is under way: a race with one promise for all would be remembered by it as long as the device lives. */
  readonly #waits = new Set<(error: GpuTrouble) => void>();

  constructor(device: GPUDevice) {
    this.device = device;
    this.lost = new Promise((resolve) => {
      device.lost.then(({ reason, message }) => {
        const why = this.#isClosed
          ? 'the GPU is not in use any more'
          : `the GPU was lost: ${message || reason || 'no reason given'}`;
        this.#end = new GpuTrouble('lost', why);
        if (!this.#isClosed) resolve(why);
        for (const end of this.#waits) end(this.#end);
      });
    });
    device.addEventListener('uncapturederror', (event) => {
      event.preventDefault();
      this.#uncaptured ??= trouble(event.error);
    });
  }

  /** @throws GpuTrouble where the device is gone, or where something failed since the last call that nobody waited for */
  check(): void {
    if (this.#end) throw this.#end;
    const error = this.#uncaptured;
    this.#uncaptured = undefined;
    if (error) throw error;
  }

  /** What `promise` gives. @throws GpuTrouble `lost` as soon as the device is gone */
  async wait<T>(promise: Promise<T>): Promise<T> {
    promise.catch(() => {});
    this.check();
    let end!: (error: GpuTrouble) => void;
    const ended = new Promise<never>((_, reject) => {
      end = reject;
    });
    this.#waits.add(end);
    try {
      return await Promise.race([promise, ended]);
    } catch (error) {
      throw this.#end ?? error;
    } finally {
      this.#waits.delete(end);
    }
  }

  /**
   * What `work`, which asks WebGPU for something without waiting, gives.
   * @returns its value, and a promise that fails with the GpuTrouble (`memory`, `code`) that WebGPU had with it
   */
  scoped<T>(work: () => T): { value: T; done: Promise<void> } {
    this.check();
    for (const filter of FILTERS) this.device.pushErrorScope(filter);
    let value: T;
    let scopes: Promise<GPUError | null>[];
    try {
      value = work();
    } finally {
      scopes = FILTERS.map(() => this.device.popErrorScope());
    }
    const done = this.wait(Promise.all(scopes)).then((errors) => {
      const error = errors.find((one) => one !== null);
      if (error) throw trouble(error);
    });
    // Whoever fails elsewhere first does not come to wait for it.
    done.catch(() => {});
    return { value, done };
  }

  close(): void {
    this.#isClosed = true;
    this.device.destroy();
  }
}

const FILTERS = ['validation', 'out-of-memory', 'internal'] as const;

/** GPUOutOfMemoryError is told by its name: its class is no global in Node. */
function trouble(error: GPUError): GpuTrouble {
  return error.constructor.name === 'GPUOutOfMemoryError'
    ? new GpuTrouble('memory', `the GPU has no memory left (${error.message})`)
    : new GpuTrouble('code', `the GPU refused a command: ${error.message}`);
}
