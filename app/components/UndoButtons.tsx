import { ActionIcon } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react';
import { useActions, useExplorer } from '../store/context.tsx';
import styles from './UndoButtons.module.css';

/** Back and forth through the versions of the document, whoever changed it. */
export function UndoButtons() {
  const { undo, redo } = useActions();
  const { canUndo, canRedo } = useExplorer((s) => s.history);
  return (
    <div className={styles.pair}>
      <ActionIcon
        aria-label="Undo"
        title="Undo the last change of the analysis (Ctrl+Z)"
        disabled={!canUndo}
        onClick={undo}
      >
        <IconArrowBackUp size={16} />
      </ActionIcon>
      <ActionIcon aria-label="Redo" title="Redo (Ctrl+Shift+Z)" disabled={!canRedo} onClick={redo}>
        <IconArrowForwardUp size={16} />
      </ActionIcon>
    </div>
  );
}
