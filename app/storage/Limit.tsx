import type { StorageReport } from '../../workers/io/cache/report.ts';
import { formatBytes } from '../numbers.ts';
import styles from './StoragePanel.module.css';

const CHOICES = [200e6, 500e6, 1e9, 2e9, 5e9, 10e9];

/** How much may be stored. Never more than half of what the browser grants. */
export function Limit({
  report: { quota, granted },
  onChange,
}: {
  report: StorageReport;
  onChange: (bytes: number) => void;
}) {
  const most = (granted ?? Number.POSITIVE_INFINITY) / 2;
  const choices = [...new Set([...CHOICES.filter((bytes) => bytes <= most), ...(quota > 0 ? [quota] : [])])];
  return (
    <label className={styles.limit}>
      Store at most{' '}
      <select value={quota} onChange={(event) => onChange(Number(event.currentTarget.value))}>
        <option value={0}>nothing</option>
        {choices
          .sort((a, b) => a - b)
          .map((bytes) => (
            <option key={bytes} value={bytes}>
              {formatBytes(bytes)}
            </option>
          ))}
      </select>
    </label>
  );
}
