import type { StoreApi } from 'zustand/vanilla';
import type { DataSession } from '../../workers/session.ts';
import type { ExplorerState, LocalFile } from './state.ts';

/** What the parts of the store work with. Nothing here is seen by views. */
export interface Workshop {
  store: StoreApi<ExplorerState>;
  session: DataSession;
  /** Address of the page without its hash: relative addresses start here. */
  base: string;
  locals: LocalFile[];
  /** Hosts that the person agreed to, in this visit or for good. */
  allowed: Set<string>;
  /** Keys that patterns stand for, by the pattern's key: listed once, until a person tries again. */
  listings: Map<string, readonly string[]>;
  /** A text whose data get suggested histograms as soon as their columns are known. */
  suggestFor: string | undefined;
}
