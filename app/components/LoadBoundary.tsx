import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { Message } from './Message.tsx';

/** Says so where a part of the page could not be loaded or broke, instead of leaving it blank. */
export class LoadBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <Message
        kind="error"
        title="A part of this page could not be loaded or shown"
        hint="What you did stands in the address: nothing is lost by loading the page again."
        actions={<Button onClick={() => location.reload()}>Load again</Button>}
      />
    );
  }
}
