import { LumiscopeError } from '../../core/errors.ts';

/** The error of calls to a worker that died; `tag` is that of what nearly always kills one. */
export class WorkerCrash extends LumiscopeError {
  constructor(reason: string) {
    super('limit', `a worker thread stopped: ${reason}`, {
      hint: 'probably memory ran out: set a smaller memory budget or fewer workers, or close other tabs',
    });
  }
}
