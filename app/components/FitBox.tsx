import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { formatNumber } from '../numbers.ts';
import { type DoneFit, fitName } from '../plots/fits.ts';
import { chiSquareText, fitLatex, fitText, parameterText } from '../plots/fitText.ts';
import { sentence } from '../sentence.ts';
import styles from './FitBox.module.css';

interface Props {
  fits: readonly DoneFit[];
  /** Title of the plot. */
  title: string;
  unit: string | undefined;
  /** Takes a fit out of the document; absent where it can't be changed. */
  onRemove?: (index: number) => void;
  /** Fits from here on are not in the document yet. */
  kept: number;
}

/** The results of a plot's fits, with their errors. */
export default function FitBox({ fits, title, unit, onRemove, kept }: Props) {
  return (
    <div className={styles.box}>
      {fits.map(({ index, target, result }, at) => {
        const name = [target.name, fitName(result.spec)].filter(Boolean).join(': ');
        const first = fits.findIndex((other) => other.index === index) === at;
        return (
          <section key={`${index} ${target.name}`} className={styles.fit} aria-label={`Fit ${name}`}>
            <div className={styles.head}>
              <span className={styles.line} style={{ background: target.colour }} />
              <span className={styles.name}>
                {name}
                {index >= kept && <em title="Not in the analysis yet"> (preview)</em>}
              </span>
              <CopyButton label="Copy" text={() => fitText(title, result, unit)} />
              <CopyButton label="LaTeX" text={() => fitLatex(result, unit)} />
              {onRemove && first && index < kept && (
                <ActionIcon
                  size={18}
                  aria-label={`Remove the fit ${fitName(result.spec)}`}
                  onClick={() => onRemove(index)}
                >
                  <IconX size={12} />
                </ActionIcon>
              )}
            </div>
            {result.failure && <p className={styles.failure}>{sentence(result.failure)}</p>}
            {result.parameters && (
              <dl className={styles.values}>
                {result.parameters.map((p) => (
                  <div key={p.name}>
                    <dt>{p.name.replace(/^b(\d)$/, (_, k) => `b${'₀₁₂₃₄₅'[Number(k)]}`)}</dt>
                    <dd>{parameterText(p, unit)}</dd>
                  </div>
                ))}
                <div>
                  <dt>χ²/ndf</dt>
                  <dd>{chiSquareText(result)}</dd>
                </div>
                <div>
                  <dt>p</dt>
                  <dd>{formatNumber(result.pValue, 2)}</dd>
                </div>
              </dl>
            )}
          </section>
        );
      })}
    </div>
  );
}

function CopyButton({ label, text }: { label: string; text: () => string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text());
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <Button variant="subtle" color="gray" size="compact-xs" className={styles.copy} onClick={() => void copy()}>
      {copied ? 'Copied' : label}
    </Button>
  );
}
