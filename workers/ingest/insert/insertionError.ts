import { type ErrorPlace, LumiscopeError } from '../../../core/errors.ts';
import type { Alarm } from '../../../core/ingest/happening.ts';

/** A dataset that can't be published as it is: trying again with the same objects gives the same. Troubles of the store and the disk are other errors, tagged `source`. */
export class InsertionError extends LumiscopeError {
  /** Undefined where nothing is broken: what the dataset holds is more than a catalogue can. */
  readonly alarm: Extract<Alarm, 'corrupt-object' | 'counts-differ' | 'contents-differ'> | undefined;

  constructor(
    alarm: InsertionError['alarm'],
    message: string,
    details: { hint?: string; place?: ErrorPlace; cause?: unknown } = {},
  ) {
    super(alarm === 'corrupt-object' ? 'format' : 'document', message, details);
    this.name = 'InsertionError';
    this.alarm = alarm;
  }
}
