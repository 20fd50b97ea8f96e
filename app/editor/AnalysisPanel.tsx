import { ActionIcon, Menu } from '@mantine/core';
import { IconDotsVertical } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Panel } from '../components/Panel.tsx';
import { ProblemList } from '../components/ProblemList.tsx';
import { sentence } from '../sentence.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import { type AnalysisView, rememberAnalysisView, rememberedAnalysisView } from '../store/remembered.ts';
import styles from './AnalysisPanel.module.css';
import { EditorPane } from './EditorPane.tsx';

const Form = lazy(() => import('../form/Form.tsx'));

const VIEWS: [AnalysisView, string][] = [
  ['text', 'Text'],
  ['form', 'Form'],
];

/** The document as its text, or as a form for those who don't write YAML. Both are one and the same. */
export function AnalysisPanel() {
  const { tidy, askRename } = useActions();
  const [view, setView] = useState(rememberedAnalysisView);
  const [refused, setRefused] = useState<string>();
  const wish = useExplorer((s) => s.wish);
  const seen = useRef(wish);
  const text = useExplorer((s) => s.text);
  const show = (next: AnalysisView) => {
    setView(next);
    rememberAnalysisView(next);
  };
  useEffect(() => {
    // A place of the text is shown in the text.
    if (wish && wish !== seen.current) setView('text');
    seen.current = wish;
  }, [wish]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a complaint is about the text that it was made of
  useEffect(() => setRefused(undefined), [text]);
  const tools = (
    <>
      <div className={styles.switch} role="group" aria-label="Analysis as">
        {VIEWS.map(([name, label]) => (
          <button key={name} type="button" aria-pressed={view === name} onClick={() => show(name)}>
            {label}
          </button>
        ))}
      </div>
      {view === 'text' && (
        <Menu>
          <Menu.Target>
            <ActionIcon aria-label="Menu of the text" title="Rename, tidy the text">
              <IconDotsVertical size={15} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item rightSection={<kbd>F2</kbd>} onClick={askRename}>
              Rename at the cursor…
            </Menu.Item>
            <Menu.Item rightSection={<kbd>Shift+Alt+F</kbd>} onClick={() => setRefused(tidy()?.message)}>
              Tidy the text
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
  return (
    <Panel title="Analysis" fill tools={tools}>
      {refused && (
        <p className={styles.refused} role="alert">
          {sentence(refused)}
        </p>
      )}
      {view === 'text' ? (
        <EditorPane />
      ) : (
        <Suspense fallback={<p className={styles.loading}>Loading the form</p>}>
          <Form />
        </Suspense>
      )}
      {view === 'text' && <ProblemList />}
    </Panel>
  );
}
