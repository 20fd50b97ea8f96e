import { Button } from '@mantine/core';
import { useState } from 'react';
import { suggestedValues } from '../../core/analysis/eventValue.ts';
import { toPlain } from '../../core/errors.ts';
import { identityOf } from '../../workers/eventList.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import { ANALYSIS, analysisColumns } from './analysisTable.ts';
import styles from './Sql.module.css';
import type { useDatabase } from './useDatabase.ts';

/** Offers the events of the analysis that is open in this tab, where there is one, as a table. */
export function AnalysisOffer({ base: { loading, lookAgain } }: { base: ReturnType<typeof useDatabase> }) {
  const { events } = useActions();
  const document = useExplorer((s) => s.document);
  const schema = useExplorer((s) => s.schema);
  const files = useExplorer((s) => s.files);
  const chosen = useExplorer((s) => s.pane.values);
  const [state, setState] = useState<{ busy: boolean; error?: string }>({ busy: false });
  if (!document || !schema || loading.state !== 'ready') return null;
  const { database } = loading;
  const add = async () => {
    setState({ busy: true });
    try {
      const identity = identityOf(files.flat().map(({ summary }) => summary?.columns ?? []));
      const values = [...identity.map(({ column }) => column), ...(chosen ?? suggestedValues(document, schema))];
      const table = await events({ values });
      const places = files.map((set, k) => ({
        name: document.datasets?.[k]?.name ?? '',
        files: set.map(({ name }) => name),
      }));
      await database.register(ANALYSIS, analysisColumns(table, identity, places));
      lookAgain();
      setState({ busy: false });
    } catch (error) {
      setState({ busy: false, error: toPlain(error).message });
    }
  };
  return (
    <div className={styles.choose}>
      <h2>
        The open analysis: the table <code>{ANALYSIS}</code>
      </h2>
      <Button variant="default" onClick={() => void add()} loading={state.busy}>
        Add the events that pass its cuts
      </Button>
      {state.error && <p role="alert">{state.error}</p>}
    </div>
  );
}
