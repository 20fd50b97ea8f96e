import { ActionIcon } from '@mantine/core';
import { IconHelp } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { QUERY_FIELDS } from '../../../core/catalogue/queryFields.ts';
import { Dialog } from '../../components/Dialog.tsx';
import styles from './Discover.module.css';

const FORMS: [string, string][] = [
  ['physics_Main DAOD_*8', 'words, all of which the name has to contain; * is any text, ? one character'],
  ['stream:physics_Main', 'a field as a whole, in upper or lower case'],
  ['type:AOD,DAOD_EGAM*', 'one or the other'],
  ['run:358000-359000  events:>1e6', 'ranges, with both ends, and limits; k, M, G behind numbers'],
  ['inserted:2025-03  state_time:>=2025-01-15', 'days, months and years, in UTC; 2025-01..2025-03 is a range'],
  ['has_trigger:yes  events:none', 'flags; what is missing'],
  ['-state:obsolete', 'what may not hold'],
  ['state_details:"no such file"', 'quotes around spaces and commas'],
];

/** The language of searches on one sheet. */
export function SearchHelp() {
  const [isOpen, setOpen] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <ActionIcon aria-label="How to search" title="How to search" onClick={() => setOpen(true)}>
        <IconHelp size={16} />
      </ActionIcon>
      {isOpen && (
        <Dialog dialog={dialog} className={styles.help} aria-labelledby="search-help" onClose={() => setOpen(false)}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <div className={styles.helpText} tabIndex={0} role="region" aria-labelledby="search-help">
            <h2 id="search-help">How to search</h2>
            <p>Terms with spaces between them; all of them have to hold.</p>
            <Terms terms={FORMS} />
            <h3>Fields</h3>
            <Terms
              terms={QUERY_FIELDS.map(({ name, aliases = [], about }) => [[name, ...aliases].join(', '), about])}
            />
          </div>
        </Dialog>
      )}
    </>
  );
}

function Terms({ terms }: { terms: [string, string][] }) {
  return (
    <dl>
      {terms.map(([term, meaning]) => (
        <div key={term}>
          <dt className="mono">{term}</dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
