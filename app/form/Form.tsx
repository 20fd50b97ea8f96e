import { Button } from '@mantine/core';
import { useEffect, useMemo, useRef } from 'react';
import { parseDocument } from '../../core/analysis/yaml.ts';
import { sentence } from '../sentence.ts';
import { useContextual, useExplorer } from '../store/context.tsx';
import { AboutSection } from './AboutSection.tsx';
import { CutsSection } from './CutsSection.tsx';
import { createChange, FormProvider } from './context.ts';
import { DataSection } from './DataSection.tsx';
import { DefinitionsSection } from './DefinitionsSection.tsx';
import styles from './Form.module.css';
import { HistogramsSection } from './HistogramsSection.tsx';
import { PublicationSection } from './PublicationSection.tsx';
import { SlidersSection } from './SlidersSection.tsx';

/** The document as a form. The text stays the truth: every field changes it, and follows it. */
export default function Form() {
  const explorer = useContextual();
  const text = useExplorer((s) => s.text);
  const before = useExplorer((s) => s.document);
  const parsed = useMemo(() => parseDocument(text), [text]);
  const last = useRef(parsed.document ?? before);
  useEffect(() => {
    if (parsed.document) last.current = parsed.document;
  }, [parsed]);
  const document = parsed.document ?? last.current;
  const change = useMemo(() => createChange(explorer), [explorer]);
  const state = useMemo(() => document && { document, change }, [document, change]);
  const error = parsed.document ? undefined : parsed.errors[0];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className={styles.form} tabIndex={0} role="region" aria-label="Form of the analysis">
      {error && (
        <div className={styles.wrong} role="alert">
          <p>
            The text has an error, line {error.place.line ?? 1}: {sentence(error.message)}. The form shows what was
            right before, until that is mended.
          </p>
          <Button variant="default" onClick={() => explorer.actions.goTo(error.place.span ?? [0, 0])}>
            Show in the text
          </Button>
        </div>
      )}
      {state && (
        <FormProvider value={state}>
          <fieldset className={styles.all} disabled={error !== undefined} data-wrong={error !== undefined}>
            <AboutSection />
            <DataSection />
            <DefinitionsSection />
            <CutsSection />
            <HistogramsSection />
            <SlidersSection />
            <PublicationSection />
          </fieldset>
        </FormProvider>
      )}
    </div>
  );
}
