import { createHash } from 'node:crypto';
import type { ControlMessage } from '../../../../core/ingest/controlMessage.ts';
import type { Declaration } from '../../../../core/ingest/declaration.ts';
import type { Receiver } from '../importRecords.ts';

/** What a relay would have got. */
export class MemoryReceiver implements Receiver {
  readonly name = 'memory';
  readonly objects = new Map<string, Uint8Array>();
  readonly messages: ControlMessage[] = [];
  declaration: Declaration | undefined;
  /** Calls that are answered before one fails. */
  failAfter = Number.POSITIVE_INFINITY;

  async upload(bytes: Uint8Array, sha256: string): Promise<void> {
    this.#call();
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error('wrong checksum');
    this.objects.set(sha256, bytes);
  }

  async send(message: ControlMessage): Promise<void> {
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
