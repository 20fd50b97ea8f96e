/** Rings where one part of a process has done something that another one waits for; who is in another process finds it by looking again after a while. */
export class Wake {
  readonly #named = new Set<string>();
  #ring: (() => void) | undefined;

  /** @param dataset that something happened to */
  call(dataset: string): void {
    this.#named.add(dataset);
    this.#ring?.();
  }

  /** The datasets that were named since the last time. */
  take(): string[] {
    const named = [...this.#named];
    this.#named.clear();
    return named;
  }

  /** Waits for a call, for as long as is said, or for the signal. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#named.size > 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#ring = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
      void timer;
    });
    this.#ring = undefined;
  }
}
