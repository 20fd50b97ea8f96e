import { ActionIcon, Menu } from '@mantine/core';
import { IconDotsVertical } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { catalogueHashOf } from '../catalogue/address.ts';
import { saveText } from '../save.ts';
import { useStoragePanel } from '../storage/useStoragePanel.tsx';
import { useActions, useContextual, useExplorer } from '../store/context.tsx';
import styles from './Header.module.css';
import { Help } from './Help.tsx';
import { Logo } from './Logo.tsx';
import { RunControls } from './RunControls.tsx';
import { SaveItems } from './SaveItems.tsx';
import { SchemeToggle } from './SchemeToggle.tsx';
import { Share } from './Share.tsx';
import { Simulated } from './Simulated.tsx';
import { UndoButtons } from './UndoButtons.tsx';

const SaveFigure = lazy(() => import('./SaveFigure.tsx'));
const SaveData = lazy(() => import('../saveData/SaveData.tsx'));

/** The line at the top: what is open, what it costs, and what can be taken away. */
export function Header() {
  const { leave } = useActions();
  const title = useExplorer(
    (s) => s.document?.title || s.document?.datasets.map((d) => d.name).join(', ') || 'Untitled analysis',
  );
  return (
    <header className={styles.header}>
      <button
        type="button"
        className={styles.home}
        onClick={() => {
          leave();
          history.pushState(null, '', location.pathname);
        }}
        aria-label="Lumiscope: start page"
        title="Start page"
      >
        <Logo />
        <span className={styles.brand}>Lumiscope</span>
      </button>
      <h1 className={styles.title} title={title}>
        {title}
      </h1>
      <span className={styles.wide}>
        <Simulated />
      </span>
      <div className={styles.space} />
      <UndoButtons />
      <RunControls />
      <Share />
      <Help />
      <SaveMenu />
      <SchemeToggle />
    </header>
  );
}

function SaveMenu() {
  const { store } = useContextual();
  const { leave, askAccess } = useActions();
  const histograms = useExplorer((s) => s.result?.histograms) ?? [];
  const title = useExplorer((s) => s.document?.title);
  const [openStorage, storagePanel] = useStoragePanel();
  const [saving, setSaving] = useState<'plots' | 'data'>();
  const hasData = useExplorer((s) => s.files.flat().some(({ status }) => status === 'open'));
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label="More" title="More">
            <IconDotsVertical size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => saveText(`${fileName(title)}.yaml`, store.getState().text, 'application/yaml')}>
            Save document (YAML)
          </Menu.Item>
          <Menu.Item disabled={histograms.length === 0} onClick={() => setSaving('plots')}>
            Save all plots…
          </Menu.Item>
          <Menu.Item disabled={!hasData} onClick={() => setSaving('data')}>
            Save data as Parquet…
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>All histograms</Menu.Label>
          <SaveItems histograms={histograms} title={fileName(title)} />
          <Menu.Divider />
          <Menu.Item onClick={() => askAccess('')}>Keys and tokens…</Menu.Item>
          <Menu.Item onClick={openStorage}>Stored data…</Menu.Item>
          <Menu.Item component="a" href={catalogueHashOf('demo/catalogue/')}>
            Event catalogue
          </Menu.Item>
          <Menu.Item
            onClick={() => {
              leave();
              history.pushState(null, '', location.pathname);
            }}
          >
            Start page
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {storagePanel}
      {saving && (
        <Suspense>
          {saving === 'plots' ? (
            <SaveFigure onClose={() => setSaving(undefined)} />
          ) : (
            <SaveData onClose={() => setSaving(undefined)} />
          )}
        </Suspense>
      )}
    </>
  );
}

function fileName(title: string | undefined): string {
  return (
    (title ?? 'analysis')
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '')
      .toLowerCase() || 'analysis'
  );
}
