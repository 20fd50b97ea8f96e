import { createHash } from 'node:crypto';
import type { ControlMessage } from '../../../../core/ingest/controlMessage.ts';
import type { Declaration } from '../../../../core/ingest/declaration.ts';
import type { Receiver } from '../importRecords.ts';

/** What a relay would have got. */
export class MemoryReceiver implements Receiver {
  readonly address = 'memory';
  readonly objects = new Map<string, Uint8Array>();
  readonly messages: ControlMessage[] = [];
  declaration: Declaration | undefined;
  /** Calls that are answered before one fails. */
  failAfter = Number.POSITIVE_INFINITY;

  async upload(bytes: Uint8Array): Promise<void> {
    this.#call();
    this.objects.set(createHash('sha256').update(bytes).digest('hex'), bytes);
  }

  async message(message: ControlMessage): Promise<void> {
    this.#call();
    this.messages.push(message);
  }

  async declare(declaration: Declaration): Promise<void> {
    this.#call();
    this.declaration = declaration;
  }

  #call(): void {
    if (this.failAfter-- <= 0) throw new Error('the relay does not answer');
  }
}
