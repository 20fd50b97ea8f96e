/** Rings where one part of a process has done something that another one waits for; what other processes did is found by looking again after a while. */
export class Wake {
  readonly #named = new Set<string>();
  #isRung = false;
  #ring: (() => void) | undefined;

  /** @param dataset that something happened to */
  call(dataset: string): void {
    this.#named.add(dataset);
    this.nudge();
  }

  /** Ends the present wait, or the next one. */
  nudge(): void {
    this.#isRung = true;
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
    if (!this.#isRung && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(end, Math.min(ms, 2 ** 31 - 1));
        function end() {
          clearTimeout(timer);
          signal.removeEventListener('abort', end);
          resolve();
        }
        this.#ring = end;
        signal.addEventListener('abort', end, { once: true });
      });
      this.#ring = undefined;
    }
    this.#isRung = false;
  }
}
