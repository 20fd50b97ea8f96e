import { sentence } from '../sentence.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import styles from './ProblemList.module.css';

/** All problems of the text with their places; a click goes there. */
export function ProblemList() {
  const { goTo } = useActions();
  const problems = useExplorer((s) => s.problems);
  if (problems.length === 0) return null;
  return (
    <ul className={styles.list} aria-label="Problems of the text">
      {problems.map((problem, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: problems have no identity of their own
        <li key={i}>
          <button type="button" onClick={() => goTo(problem.span)}>
            <span className={styles.place}>
              {problem.line}:{problem.col}
            </span>
            <span>
              {sentence(problem.message)}
              {problem.hint && <span className={styles.hint}>. {sentence(problem.hint)}</span>}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
