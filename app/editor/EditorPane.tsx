import { lazy, Suspense, useState } from 'react';
import { useSettled } from '../components/useSettled.ts';
import { useExplorer } from '../store/context.tsx';
import styles from './EditorPane.module.css';

const Editor = lazy(() => import('./Editor.tsx'));

/**
 * The text of the document: plain at first, in the editor once the first plots are under way or somebody
 * wants to type, so that loading the editor never delays them.
 */
export function EditorPane() {
  const settled = useSettled();
  const [wanted, setWanted] = useState(false);
  const text = <PlainText onWish={() => setWanted(true)} />;
  return settled || wanted ? (
    <Suspense fallback={text}>
      <Editor />
    </Suspense>
  ) : (
    text
  );
}

function PlainText({ onWish }: { onWish: () => void }) {
  const text = useExplorer((s) => s.text);
  return (
    <pre
      className={styles.plain}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      role="region"
      aria-label="Text of the analysis"
      onFocus={onWish}
      onPointerDown={onWish}
    >
      {text}
    </pre>
  );
}
