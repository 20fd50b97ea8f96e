import type { ComponentType } from 'react';
import type { TaskProps } from './context.ts';

export interface CatalogueTask {
  /** As in the link. */
  id: string;
  name: string;
  /** What it is for, in a few words. */
  about: string;
  load: () => Promise<{ default: ComponentType<TaskProps> }>;
}

/** What can be done with a catalogue, in the order of the tabs. A link without one opens the first. */
export const TASKS: readonly CatalogueTask[] = [
  {
    id: 'discover',
    name: 'Discover',
    about: 'Find datasets and containers',
    load: () => import('./discover/Discover.tsx'),
  },
  {
    id: 'pick',
    name: 'Pick',
    about: 'Find events by run and event number, or by what triggered them',
    load: () => import('./pick/Pick.tsx'),
  },
  {
    id: 'check',
    name: 'Check',
    about: 'Whether containers hold what is declared, and what is in them more than once',
    load: () => import('./check/Check.tsx'),
  },
  {
    id: 'overlaps',
    name: 'Overlaps',
    about: 'How many events streams share',
    load: () => import('./overlaps/Overlaps.tsx'),
  },
  {
    id: 'triggers',
    name: 'Triggers',
    about: 'What fired: counts, rates and overlaps of chains; masks decoded',
    load: () => import('./triggers/Triggers.tsx'),
  },
  {
    id: 'sql',
    name: 'SQL',
    about: 'Questions in SQL to the tables and to event records',
    load: () => import('./sql/Sql.tsx'),
  },
  {
    id: 'about',
    name: 'What is this?',
    about: 'Events, catalogues and these tasks in plain words',
    load: () => import('./about/About.tsx'),
  },
];
