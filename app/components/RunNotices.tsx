import { Button } from '@mantine/core';
import { formatBytes, formatCount } from '../numbers.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import { Message } from './Message.tsx';

/** What the run has to say above its plots. */
export function RunNotices() {
  const { run, edit } = useActions();
  const phase = useExplorer((s) => s.phase);
  const plan = useExplorer((s) => s.plan);
  const error = useExplorer((s) => s.error);
  const problems = useExplorer((s) => s.problems);
  const result = useExplorer((s) => s.result);
  if (phase === 'failed' && error) {
    const { file, column, defaults } = error.place;
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
            <Button variant="default" onClick={run}>
              Try again
            </Button>
          </>
        }
      />
    );
  }
  if (phase === 'ready' && plan) {
    return (
      <Message
        kind="note"
        title={`This run fetches ${formatBytes(plan.bytes)}`}
        hint={`${formatCount(plan.events)} events, ${formatCount(plan.columns.length)} columns. Nothing more is read.`}
        actions={<Button onClick={run}>Run</Button>}
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
  return null;
}
