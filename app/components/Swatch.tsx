import type { CurveLook } from '../plots/palette.ts';
import styles from './StatisticsBox.module.css';

const DASHES = { solid: undefined, dash: '5 2', dot: '1.5 1.5', dashdot: '5 2 1.5 2' };

/** A curve as the legend shows it: a piece of its line, a dot with its error bar, or a patch of its fill. */
export function Swatch({ look, filled }: { look: CurveLook; filled: boolean }) {
  return (
    <svg className={styles.swatch} width="16" height="10" viewBox="0 0 16 10" aria-hidden="true">
      {look.points ? (
        <g stroke="currentColor" fill="currentColor">
          <path d="M8 0V10" />
          <circle cx="8" cy="5" r="2.5" stroke="none" />
        </g>
      ) : filled ? (
        <rect x="2" y="0.5" width="12" height="9" fill={look.colour} />
      ) : (
        <path d="M0 5H16" stroke={look.colour} strokeWidth="2.5" strokeDasharray={DASHES[look.dash]} />
      )}
    </svg>
  );
}
