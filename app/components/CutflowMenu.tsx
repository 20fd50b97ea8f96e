import { ActionIcon, Menu } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { LumiscopeError } from '../../core/errors.ts';
import { useContextual, useExplorer } from '../store/context.tsx';
import type { Flow } from './cutRows.ts';

const FORMATS = { markdown: 'Copy as Markdown', latex: 'Copy as LaTeX', csv: 'Copy as CSV' } as const;
type Format = keyof typeof FORMATS;

/** Copies the cutflow, as a table of some kind, for use elsewhere. */
export function CutflowMenu({ flows }: { flows: readonly Flow[] }) {
  const weighted = useExplorer((s) => s.document?.weight !== undefined);
  const { actions } = useContextual();
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (said === '') return;
    const timer = setTimeout(() => setSaid(''), 2500);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async (format: Format) => {
    try {
      const [{ cutflowMarkdown, cutflowLatex, cutflowCsv }, { result }] = await Promise.all([
        import('../../core/analysis/cutflowText.ts'),
        actions.exact(),
      ]);
      const chosen = new Set(flows.map(({ dataset }) => dataset));
      const exact = result?.cutflow.filter(({ dataset }) => chosen.has(dataset)) ?? [];
      const text = { markdown: cutflowMarkdown, latex: cutflowLatex, csv: cutflowCsv }[format];
      await navigator.clipboard.writeText(text(exact, weighted));
      setSaid('Copied');
    } catch (error) {
      // The run that WebAssembly makes for it may fail, or be cancelled.
      setSaid(error instanceof LumiscopeError ? error.message : "This browser doesn't let the page copy");
    }
  };
  return (
    <>
      <span role="status" className={said === 'Copied' || said === '' ? 'visually-hidden' : undefined}>
        {said}
      </span>
      <Menu>
        <Menu.Target>
          <ActionIcon size={24} aria-label="Copy the cutflow" title="Copy the cutflow" disabled={flows.length === 0}>
            {said === 'Copied' ? <IconCheck size={15} /> : <IconCopy size={15} />}
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {(Object.keys(FORMATS) as Format[]).map((format) => (
            <Menu.Item key={format} onClick={() => void copy(format)}>
              {FORMATS[format]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
