import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { useAppConfig } from '../access/useAppConfig.ts';
import { catalogueHashOf } from '../catalogue/address.ts';
import { Arrival } from '../components/Arrival.tsx';
import { FileButton } from '../components/FileButton.tsx';
import { Help } from '../components/Help.tsx';
import { Logo } from '../components/Logo.tsx';
import { SchemeToggle } from '../components/SchemeToggle.tsx';
import { SkipLink } from '../components/SkipLink.tsx';
import { monitorHashOf } from '../monitor/address.ts';
import { formatBytes } from '../numbers.ts';
import { useStoragePanel } from '../storage/useStoragePanel.tsx';
import { useActions, useExplorer } from '../store/context.tsx';
import styles from './Start.module.css';

/** An example that ships with the app; `public/examples/index.json` lists them. */
interface Example {
  id: string;
  title: string;
  summary: string;
  file: string;
  /** A page in the same folder. */
  explanation?: string;
  simulated: boolean;
  data: 'own-origin' | 'external' | 'local';
  bytes?: number;
}

/** The way in: the demo, a file, an address, examples, and what was open before. */
export default function Start() {
  const { openFiles, openAddress, openDocument } = useActions();
  const [address, setAddress] = useState('');
  const examples = useExamples();
  const demo = examples?.find((e) => e.data === 'own-origin');
  const open = (event: FormEvent) => {
    event.preventDefault();
    const catalogue = catalogueHashOf(address);
    if (catalogue) location.hash = catalogue;
    else openAddress(address);
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
        <section className={styles.hero} aria-labelledby="title">
          <h1 className={styles.title} id="title">
            Explore collision events in this tab
          </h1>
          <p className={styles.lead}>
            Two protons collide, new particles fly out, detectors record them. Here you look at such events yourself:
            see how often something happened, ask for other ones, and watch the plots follow.
          </p>
          <div className={styles.actions}>
            <Button size="md" disabled={!demo} onClick={() => demo && openAddress(`examples/${demo.file}`)}>
              Open the demo
            </Button>
            {demo?.explanation && (
              <Button
                size="md"
                variant="subtle"
                onClick={() => openDocument(`examples/${demo.file}`, 'explanation')}
                aria-label="Read how the demo works"
              >
                Read how it works
              </Button>
            )}
          </div>
          <p className={styles.promise}>
            300,000 simulated collisions, computed on this machine. Nothing to install, nobody to register with; your
            data stay here, and a link holds a whole analysis.
          </p>
        </section>
        <Arrival />
        <div className={styles.ways}>
          <section className={styles.drop} aria-labelledby="way-file">
            <h2 id="way-file">Open a file</h2>
            <FileButton onFiles={openFiles} variant="default">
              Pick a file
            </FileButton>
            <p>
              Events (ROOT, Parquet, Arrow, Feather, CSV) or an analysis document; or drop it anywhere on this page.
            </p>
          </section>
          <section className={styles.way} aria-labelledby="way-address">
            <h2 id="way-address">Open an address</h2>
            <form className={styles.address} onSubmit={open}>
              <TextInput
                className={styles.field}
                aria-label="Address of data or of an analysis"
                placeholder="https://… or s3://bucket/file.root"
                value={address}
                onChange={(event) => setAddress(event.currentTarget.value)}
                spellCheck={false}
                inputMode="url"
              />
              <Button type="submit" variant="default" disabled={address.trim() === ''}>
                Open
              </Button>
            </form>
            <p>
              Data, an analysis document, an event catalogue (its manifest.json, or its folder with a slash at the end)
              or a Lumiscope link. Another host is asked only after you agree.
            </p>
          </section>
          <Recents />
        </div>
        <Catalogue />
        <Examples examples={examples} />
      </main>
    </div>
  );
}

/** The ways to the catalogue that ships with the app, and to that of the relay where there is one. */
function Catalogue() {
  const { relay } = useAppConfig();
  return (
    <section className={styles.catalogue} aria-labelledby="catalogue">
      <div>
        <h2 id="catalogue">Event catalogue</h2>
        <p>
          Which events are in which datasets and files? Look up single events, count duplicates and overlaps of
          derivations, decode triggers, ask in SQL. <span className={styles.simulated}>simulated</span>
        </p>
      </div>
      {relay && (
        <>
          <a href={monitorHashOf()} title="What the relay is doing">
            Monitor
          </a>
          <Button component="a" href={catalogueHashOf(`${relay}catalogue/`)} variant="default">
            Open the relay's catalogue
          </Button>
        </>
      )}
      <Button component="a" href={catalogueHashOf('demo/catalogue/')} variant="default">
        Open the demo catalogue
      </Button>
    </section>
  );
}

function Examples({ examples }: { examples?: Example[] }) {
  if (!examples || examples.length === 0) return null;
  const own = examples.filter((e) => e.data === 'local');
  return (
    <section aria-labelledby="examples">
      <h2 id="examples">Examples</h2>
      <ul className={styles.cards}>
        {examples
          .filter((e) => e.data !== 'local')
          .map((example) => (
            <Card key={example.id} example={example} />
          ))}
      </ul>
      {own.length > 0 && (
        <details className={styles.more}>
          <summary>{own.length} more on a file of your own</summary>
          <ExampleList examples={own} />
        </details>
      )}
    </section>
  );
}

/** An example with its data's cost, and the way to its explanation. */
function Card({ example }: { example: Example }) {
  const { openAddress, openDocument } = useActions();
  const title = titleOf(example);
  return (
    <li className={styles.card}>
      <button type="button" className={styles.open} onClick={() => openAddress(`examples/${example.file}`)}>
        <span className={styles.name}>{title}</span>
        <span className={styles.note}>{example.summary}</span>
      </button>
      <div className={styles.foot}>
        <span className={styles.cost}>
          {example.simulated && <span className={styles.simulated}>simulated</span>}
          {[example.data === 'external' && 'public server', example.bytes && formatBytes(example.bytes)]
            .filter(Boolean)
            .join(', ')}
        </span>
        {example.explanation && (
          <button
            type="button"
            className={styles.read}
            aria-label={`Read how it works: ${title}`}
            onClick={() => openDocument(`examples/${example.file}`, 'explanation')}
          >
            Read how it works
          </button>
        )}
      </div>
    </li>
  );
}

const titleOf = ({ simulated, title }: Example): string => (simulated ? title.replace(' (simulated)', '') : title);

function ExampleList({ examples }: { examples: Example[] }) {
  const { openAddress } = useActions();
  return (
    <ul className={styles.list}>
      {examples.map((example) => (
        <li key={example.id}>
          <button type="button" onClick={() => openAddress(`examples/${example.file}`)}>
            <span className={styles.name}>{titleOf(example)}</span>
            <span className={styles.note}>{example.summary}</span>
            <span className={styles.cost}>your own file</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Recents() {
  const { openHash, forgetRecents } = useActions();
  const recents = useExplorer((s) => s.recents);
  const [openStorage, storagePanel] = useStoragePanel();
  return (
    <section className={styles.way} aria-labelledby="recents">
      <div className={styles.row}>
        <h2 id="recents">Recent</h2>
        <span>
          <Button variant="subtle" size="compact-xs" onClick={openStorage}>
            Stored data…
          </Button>
          {recents.length > 0 && (
            <Button variant="subtle" size="compact-xs" onClick={forgetRecents}>
              Forget all
            </Button>
          )}
        </span>
        {storagePanel}
      </div>
      {recents.length === 0 ? (
        <p className={styles.none}>What you open shows up here. It is kept in this browser only.</p>
      ) : (
        <ul className={`${styles.list} ${styles.recents}`}>
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
