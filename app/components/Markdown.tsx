import { lazy, Suspense } from 'react';
import styles from './Markdown.module.css';

const Rendered = lazy(() => import('./MarkdownText.tsx'));

/** What no plain sentence has: then the text is Markdown, and what reads it is loaded. */
const MARKS = /[*_`[\]<>~\\]|^\s*(#|[-+]\s|\d+[.)]\s)|\n\s*\n/m;

/** A text in Markdown. HTML in it stays text, links open in a tab of their own, images come from the app's own origin. */
export function Markdown({ text, className }: { text: string; className?: string }) {
  const plain = <p className={styles.plain}>{text}</p>;
  return (
    <div className={`${styles.text} ${className ?? ''}`}>
      {MARKS.test(text) ? (
        <Suspense fallback={plain}>
          <Rendered text={text} />
        </Suspense>
      ) : (
        plain
      )}
    </div>
  );
}
