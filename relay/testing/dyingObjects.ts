import type { ObjectStore } from '../../workers/objects/objectStore.ts';

export interface Death {
  /** Which of the changes (writes, removals) of the store it dies at, from 1. */
  at: number;
  /** Whether that one still takes effect. */
  when: 'before' | 'after';
  /** Ends the process; what never returns does as well. */
  die: () => Promise<never>;
}

/** A store whose user dies at a change of it. What it reads makes no difference: dying there is dying before the next change. */
export function dyingObjects(store: ObjectStore, death: Death, counter = { changes: 0 }): ObjectStore {
  const changing = async <T>(change: () => Promise<T>): Promise<T> => {
    if (counter.changes >= death.at) return new Promise<never>(() => {});
    const isLast = ++counter.changes === death.at;
    if (isLast && death.when === 'before') return death.die();
    const done = await change();
    return isLast ? death.die() : done;
  };
  const alive = <T>(work: () => Promise<T>): Promise<T> =>
    counter.changes >= death.at ? new Promise<never>(() => {}) : work();
  return {
    address: store.address,
    read: (...args) => alive(() => store.read(...args)),
    readRange: (...args) => alive(() => store.readRange(...args)),
    stat: (...args) => alive(() => store.stat(...args)),
    list: (...args) => store.list(...args),
    write: (...args) => changing(() => store.write(...args)),
    remove: (...args) => changing(() => store.remove(...args)),
    below: (folder) => dyingObjects(store.below(folder), death, counter),
  };
}
