import type { MouseEvent, ReactNode } from 'react';
import { openTask, taskLink, usePlace } from './link.ts';

/** Leads to a task: with parameters, or as it was left. */
export function TaskLink({
  task,
  parameters,
  children,
  ...anchor
}: {
  task: string;
  parameters?: Readonly<Record<string, string>>;
  children: ReactNode;
  title?: string | undefined;
  className?: string | undefined;
  'aria-current'?: 'page' | undefined;
}) {
  // The link names the catalogue too.
  usePlace();
  const open = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    openTask(task, parameters);
  };
  return (
    <a href={taskLink(task, parameters)} onClick={open} {...anchor}>
      {children}
    </a>
  );
}
