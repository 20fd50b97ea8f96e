import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { Arrival } from '../components/Arrival.tsx';
import { FileButton } from '../components/FileButton.tsx';
import { Help } from '../components/Help.tsx';
import { Logo } from '../components/Logo.tsx';
import { SchemeToggle } from '../components/SchemeToggle.tsx';
import { SkipLink } from '../components/SkipLink.tsx';
import { formatBytes } from '../numbers.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import styles from './Start.module.css';

/** An example that ships with the app; `public/examples/index.json` lists them. */
interface Example {
  id: string;
  title: string;
  summary: string;
  file: string;
  simulated: boolean;
  data: 'own-origin' | 'external' | 'local';
  bytes?: number;
}

/** The way in: a file, an address, the demo, examples, and what was open before. */
export default function Start() {
  const { openFiles, openAddress } = useActions();
  const [address, setAddress] = useState('');
  const examples = useExamples();
  const demo = examples?.find((e) => e.data === 'own-origin');
  const open = (event: FormEvent) => {
    event.preventDefault();
    openAddress(address);
  };
  return (
    <div className={styles.page}>
      <SkipLink to="start">Skip to the content</SkipLink>
      <header className={styles.head}>
        <Logo size={22} />
        <span className={styles.brand}>Lumiscope</span>
        <div className={styles.space} />
        <Help />
        <SchemeToggle />
      </header>
      <main className={styles.main} id="start" tabIndex={-1}>
        <h1 className={styles.title}>Explore collision events in this tab</h1>
        <p className={styles.lead}>
          Open a Parquet, Arrow or CSV file, write a selection, and watch cutflow and histograms fill. The data stay on
          this machine, and the whole analysis fits in a link.
        </p>
        <Arrival />
        <div className={styles.ways}>
          <section className={styles.drop} aria-labelledby="way-file">
            <h2 id="way-file">Open a file</h2>
            <p>Drop a Parquet, Arrow or CSV file, or an analysis document, anywhere on this page.</p>
            <FileButton onFiles={openFiles} variant="default">
              Pick a file
            </FileButton>
          </section>
          <section className={styles.way} aria-labelledby="way-address">
            <h2 id="way-address">Open an address</h2>
            <form className={styles.address} onSubmit={open}>
              <TextInput
                className={styles.field}
                aria-label="Address of data or of an analysis"
                placeholder="https://… or s3://bucket/file.parquet"
                value={address}
                onChange={(event) => setAddress(event.currentTarget.value)}
                spellCheck={false}
                inputMode="url"
              />
              <Button type="submit" variant="default" disabled={address.trim() === ''}>
                Open
              </Button>
            </form>
            <p>Data, an analysis document or a Lumiscope link. Another host is asked only after you agree.</p>
          </section>
          <section className={styles.way} aria-labelledby="way-demo">
            <h2 id="way-demo">See the demo</h2>
            <p>{demo ? demo.summary : 'Simulated collisions that come with the app.'}</p>
            <Button disabled={!demo} onClick={() => demo && openAddress(`examples/${demo.file}`)}>
              Open the demo
            </Button>
          </section>
        </div>
        <div className={styles.lists}>
          <Examples examples={examples} />
          <Recents />
        </div>
      </main>
    </div>
  );
}

const WHERE: Record<Example['data'], string> = {
  'own-origin': 'comes with the app',
  external: 'public server',
  local: 'your own file',
};

function Examples({ examples }: { examples?: Example[] }) {
  if (!examples || examples.length === 0) return null;
  const own = examples.filter((e) => e.data === 'local');
  return (
    <section aria-labelledby="examples">
      <h2 id="examples">Examples</h2>
      <ExampleList examples={examples.filter((e) => e.data !== 'local')} />
      {own.length > 0 && (
        <details className={styles.more}>
          <summary>{own.length} more on a file of your own</summary>
          <ExampleList examples={own} />
        </details>
      )}
    </section>
  );
}

function ExampleList({ examples }: { examples: Example[] }) {
  const { openAddress } = useActions();
  return (
    <ul className={styles.list}>
      {examples.map((example) => (
        <li key={example.id}>
          <button type="button" onClick={() => openAddress(`examples/${example.file}`)}>
            <span className={styles.name}>
              {example.simulated ? example.title.replace(' (simulated)', '') : example.title}
              {example.simulated && <span className={styles.simulated}>simulated</span>}
            </span>
            <span className={styles.note}>{example.summary}</span>
            <span className={styles.cost}>
              {WHERE[example.data]}
              {example.bytes ? ` · ${formatBytes(example.bytes)}` : ''}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Recents() {
  const { openHash, forgetRecents } = useActions();
  const recents = useExplorer((s) => s.recents);
  return (
    <section aria-labelledby="recents">
      <div className={styles.row}>
        <h2 id="recents">Recent</h2>
        {recents.length > 0 && (
          <Button variant="subtle" size="compact-xs" onClick={forgetRecents}>
            Forget all
          </Button>
        )}
      </div>
      {recents.length === 0 ? (
        <p className={styles.none}>What you open shows up here. It is kept in this browser only.</p>
      ) : (
        <ul className={styles.list}>
          {recents.map((recent) => (
            <li key={recent.link}>
              <button type="button" onClick={() => openHash(recent.link, true)}>
                <span className={styles.name}>{recent.title}</span>
                <span className={styles.note}>{recent.data}</span>
                <span className={styles.cost}>
                  {new Date(recent.when).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function useExamples(): Example[] | undefined {
  const [examples, setExamples] = useState<Example[]>();
  useEffect(() => {
    const abort = new AbortController();
    fetch('examples/index.json', { signal: abort.signal })
      .then((response) => (response.ok ? (response.json() as Promise<Example[]>) : []))
      .then(setExamples, () => {
        // Without the list the page still opens files and addresses.
        if (!abort.signal.aborted) setExamples([]);
      });
    return () => abort.abort();
  }, []);
  return examples;
}
