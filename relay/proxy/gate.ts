import { Refusal } from './refusal.ts';

/** How many may be inside at once, by name. */
export class Gate {
  readonly #most: number;
  readonly #inside = new Map<string, { count: number; waiting: (() => void)[] }>();

  constructor(most: number) {
    this.#most = most;
  }

  /** @returns how to leave. @throws Refusal 429 where there is no place */
  enter(name: string): () => void {
    const room = this.#room(name);
    if (room.count >= this.#most) {
      const hint = 'ask for less at a time';
      throw new Refusal(429, `${this.#most} requests of this client are under way`, hint, 1);
    }
    room.count++;
    return this.#leaving(name, room);
  }

  /** Waits for a place, in order. @returns how to leave. @throws Refusal 503 where none is free in time, or who asked has left */
  async wait(name: string, seconds: number, signal: AbortSignal): Promise<() => void> {
    const room = this.#room(name);
    if (room.count < this.#most) room.count++;
    else
      await new Promise<void>((resolve, reject) => {
        const end = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', give);
          room.waiting = room.waiting.filter((one) => one !== enter);
        };
        const enter = () => {
          end();
          resolve();
        };
        const give = () => {
          end();
          const hint = 'try later, or ask for less at a time';
          reject(new Refusal(503, `${this.#most} requests to ${name} are under way`, hint, 1));
        };
        const timer = setTimeout(give, seconds * 1000);
        signal.addEventListener('abort', give);
        room.waiting.push(enter);
      });
    return this.#leaving(name, room);
  }

  #room(name: string): { count: number; waiting: (() => void)[] } {
    const room = this.#inside.get(name) ?? { count: 0, waiting: [] };
    this.#inside.set(name, room);
    return room;
  }

  #leaving(name: string, room: { count: number; waiting: (() => void)[] }): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = room.waiting[0];
      // The place goes from the one to the other.
      if (next) next();
      else if (--room.count === 0) this.#inside.delete(name);
    };
  }
}
