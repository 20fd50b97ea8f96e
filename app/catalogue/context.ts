import { createContext, useContext } from 'react';
import type { OpenCatalogue } from '../../workers/catalogue/openCatalogue.ts';

/** What every task's component is given. */
export interface TaskProps {
  catalogue: OpenCatalogue;
}

export const CatalogueContext = createContext<OpenCatalogue | undefined>(undefined);

/** The catalogue that is open, for what lies deep in a task. */
export function useCatalogue(): OpenCatalogue {
  const catalogue = useContext(CatalogueContext);
  if (!catalogue) throw new Error('no catalogue above this component');
  return catalogue;
}
