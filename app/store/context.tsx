import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import type { Actions, Explorer } from './explorer.ts';
import type { ExplorerState } from './state.ts';

const Context = createContext<Explorer | undefined>(undefined);

/** Gives the views below it their explorer. */
export function ExplorerProvider({ explorer, children }: { explorer: Explorer; children: ReactNode }) {
  return <Context.Provider value={explorer}>{children}</Context.Provider>;
}

/** A part of the state; the component follows its changes. */
export function useExplorer<T>(select: (state: ExplorerState) => T): T {
  return useStore(useContextual().store, select);
}

/** What a person can do. */
export function useActions(): Actions {
  return useContextual().actions;
}

/** The explorer itself, for what reads the state without following it. */
export function useContextual(): Explorer {
  const explorer = useContext(Context);
  if (!explorer) throw new Error('no explorer above this component');
  return explorer;
}
