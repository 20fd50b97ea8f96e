import { Button } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { ErrorPlace } from '../../core/errors.ts';
import type { RunResult } from '../../workers/session.ts';
import { formatBytes, formatCount } from '../numbers.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import { AccessButton } from './AccessButton.tsx';
import { Message } from './Message.tsx';

const ProxyOffer = lazy(() => import('../access/ProxyOffer.tsx'));

/** What the run has to say above its plots. `keys`: this page takes keys and tokens. */
export function RunNotices({ keys = false }: { keys?: boolean }) {
  const { run, edit, setPane } = useActions();
  const phase = useExplorer((s) => s.phase);
  const plan = useExplorer((s) => s.plan);
  const error = useExplorer((s) => s.error);
  const problems = useExplorer((s) => s.problems);
  const result = useExplorer((s) => s.result);
  if (phase === 'failed' && error) {
    const { file, column, defaults, missing } = error.place;
    const lines = Object.entries(defaults ?? {});
    const place = [file, column].filter((part) => part && !error.message.includes(part)).join(', ');
    return (
      <Message
        kind="error"
        title={place ? `${place}: ${error.message}` : error.message}
        hint={error.hint}
        actions={
          <>
            {lines.length > 0 && (
              <Button onClick={() => edit(lines.map(([name, value]) => ({ kind: 'setDefault', column: name, value })))}>
                {lines.length === 1 ? 'Add the default' : `Add ${formatCount(lines.length)} defaults`}
              </Button>
            )}
            {keys && <AccessButton host={error.place.access} />}
            {keys && error.place.cors && (
              <Suspense>
                <ProxyOffer host={error.place.cors} />
              </Suspense>
            )}
            <Button variant="default" onClick={run}>
              Try again
            </Button>
          </>
        }
      >
        {result && !result.complete && missing && <Missing result={result} missing={missing} />}
      </Message>
    );
  }
  if (phase === 'ready' && plan) {
    return (
      <Message
        kind="note"
        title={`This run fetches ${formatBytes(plan.bytes)}`}
        hint={`${formatCount(plan.events)} events, ${formatCount(plan.columns.length)} columns. Nothing more is read.`}
        actions={
          <>
            {keys && (
              <Button variant="default" onClick={() => setPane({ show: 'plan' })}>
                Show the plan
              </Button>
            )}
            <Button onClick={run}>Run</Button>
          </>
        }
      />
    );
  }
  // With plots on the page the editor's list says it: a message that comes and goes while typing would move them.
  const problem = problems[0];
  if (phase === 'wrong' && problem && !result) {
    const others = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    return (
      <Message
        kind="error"
        title={problem.message + others}
        hint={[`Line ${problem.line} of the text`, problem.hint].filter(Boolean).join(' · ')}
      />
    );
  }
  if (phase === 'cancelled') {
    return (
      <Message
        kind="note"
        title="Cancelled"
        hint={
          result && !result.complete ? `The plots show the first ${formatCount(result.eventsRead)} events.` : undefined
        }
        actions={<Button onClick={run}>Run</Button>}
      />
    );
  }
  return <EngineNotice />;
}

/** Where a person asked for the GPU, and something else made what is shown. */
function EngineNotice() {
  const note = useExplorer((s) => (s.engine.choice === 'gpu' ? s.result?.engineNote : undefined));
  const engine = useExplorer((s) => s.result?.engine);
  if (note === undefined) return null;
  const title = engine === 'gpu' ? 'Not all of this ran on WebGPU' : 'This ran on WebAssembly, not on WebGPU';
  return <Message kind="note" title={title} hint={note} />;
}

/** What plots of a run that failed show, and what is missing in them. */
function Missing({ result, missing }: { result: RunResult; missing: NonNullable<ErrorPlace['missing']> }) {
  return (
    <p>
      The plots show the {formatCount(result.eventsRead)} events that could be read. Missing:{' '}
      {missing
        .slice(0, 5)
        .map(({ file, chunks, of }) =>
          chunks === of ? file : `${formatCount(chunks)} of ${formatCount(of)} chunks of ${file}`,
        )
        .join(', ')}
      {missing.length > 5 && ` and parts of ${formatCount(missing.length - 5)} more files`}.
    </p>
  );
}
