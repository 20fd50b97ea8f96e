import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useContextual, useExplorer } from '../store/context.tsx';
import styles from './Explanation.module.css';
import markdown from './Markdown.module.css';
import MarkdownText from './MarkdownText.tsx';
import { Message } from './Message.tsx';

const LONGEST = 200_000;

/** The page that explains the analysis. One on another host is not fetched, but linked to. */
export default function Explanation() {
  const { base } = useContextual();
  const address = useExplorer((s) => s.document?.explanation) ?? '';
  const url = URL.canParse(address, base) ? new URL(address, base) : undefined;
  if (url && url.origin !== new URL(base).origin) {
    const isPage = url.protocol === 'https:' || url.protocol === 'http:';
    return (
      <Message
        kind="note"
        title={isPage ? `The explanation lies on ${url.host}` : 'The explanation has no address of a page'}
        hint={
          isPage
            ? 'Lumiscope fetches pages of its own origin only; this one opens in a tab of its own.'
            : 'Look at explanation: in the document.'
        }
        actions={
          isPage && (
            <Button component="a" variant="default" href={url.href} target="_blank" rel="noopener noreferrer">
              Open the page
            </Button>
          )
        }
      />
    );
  }
  return <Page key={address} address={address} base={base} />;
}

function Page({ address, base }: { address: string; base: string }) {
  const [tries, setTries] = useState(0);
  const [text, setText] = useState<string>();
  const [failure, setFailure] = useState<string>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try fetches again
  useEffect(() => {
    const abort = new AbortController();
    setFailure(undefined);
    fetchText(address, base, abort.signal).then(setText, (error: Error) => {
      if (!abort.signal.aborted) setFailure(error.message);
    });
    return () => abort.abort();
  }, [address, base, tries]);
  if (failure !== undefined) {
    return (
      <Message
        kind="error"
        title={`The explanation ${address} can't be shown: ${failure}`}
        hint="The analysis works without it. Look at explanation: in the document."
        actions={
          <Button variant="default" onClick={() => setTries(tries + 1)}>
            Try again
          </Button>
        }
      />
    );
  }
  if (text === undefined) return <p className={styles.waits}>Opening the explanation…</p>;
  return (
    <article className={`${markdown.text} ${styles.page}`}>
      <MarkdownText text={text} />
    </article>
  );
}

async function fetchText(address: string, base: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(new URL(address, base), { signal, credentials: 'omit', referrerPolicy: 'no-referrer' });
  if (!response.ok) throw new Error(`the server answers ${`${response.status} ${response.statusText}`.trim()}`);
  // A host that answers every address with its start page has no such file.
  if (/text\/html/.test(response.headers.get('content-type') ?? '')) throw new Error('it is no Markdown');
  const text = await response.text();
  if (text.length > LONGEST) throw new Error('it is too long');
  return text;
}
