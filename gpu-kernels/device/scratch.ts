import { GpuTrouble } from '../types.ts';
import { MAP_READ, USAGE } from './flags.ts';
import type { Guard } from './guard.ts';

const USAGES = {
  params: USAGE.UNIFORM | USAGE.COPY_DST,
  constants: USAGE.STORAGE | USAGE.COPY_DST,
  results: USAGE.STORAGE | USAGE.COPY_SRC | USAGE.COPY_DST,
  doubts: USAGE.STORAGE | USAGE.COPY_SRC | USAGE.COPY_DST,
  /** Stands in for the columns of a program that has none. */
  nothing: USAGE.STORAGE,
  readback: USAGE.MAP_READ | USAGE.COPY_DST,
};

export type ScratchName = keyof typeof USAGES;

/** Buffers that one run after the other uses, as large as the largest needed. */
export class Scratch {
  readonly #guard: Guard;
  readonly #buffers = new Map<ScratchName, GPUBuffer>();

  readonly #makeRoom: () => boolean;

  /** @param makeRoom frees memory of the GPU; false where it can't */
  constructor(guard: Guard, makeRoom: () => boolean) {
    this.#guard = guard;
    this.#makeRoom = makeRoom;
  }

  /** A buffer of so many bytes at least, of any content. @throws GpuTrouble `memory` */
  async need(name: ScratchName, bytes: number): Promise<GPUBuffer> {
    const known = this.#buffers.get(name);
    if (known && known.size >= bytes) return known;
    const size = Math.max(256, Math.ceil(bytes / 256) * 256);
    this.#buffers.delete(name);
    known?.destroy();
    for (;;) {
      const { value: buffer, done } = this.#guard.scoped(() =>
        this.#guard.device.createBuffer({ size, usage: USAGES[name], label: name }),
      );
      try {
        await done;
        this.#buffers.set(name, buffer);
        return buffer;
      } catch (error) {
        buffer.destroy();
        if (!(error instanceof GpuTrouble && error.kind === 'memory' && this.#makeRoom())) throw error;
      }
    }
  }

  /** The first words of the readback buffer, once the GPU is done with all that was submitted. */
  async read(buffer: GPUBuffer, words: number): Promise<Uint32Array> {
    try {
      await this.#guard.wait(buffer.mapAsync(MAP_READ, 0, 4 * words));
      return new Uint32Array(buffer.getMappedRange(0, 4 * words)).slice();
    } finally {
      if (buffer.mapState !== 'unmapped') buffer.unmap();
    }
  }
}
