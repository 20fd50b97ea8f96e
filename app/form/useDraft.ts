import { useEffect, useRef, useState } from 'react';

/** Counts visits to fields: what is typed in one visit is undone together. */
let visits = 0;

/** What a field shows while somebody types, and how it went. */
export interface Draft {
  shown: string;
  /** Why what is shown is not in the document. */
  message?: string;
  /** The field was entered. */
  begin(): void;
  type(text: string): void;
  /** The field was left: what the document took is shown as it has it. */
  end(): void;
  /** Gives up what is shown for what the document says. */
  drop(): void;
}

/**
 * The text of a field between the person and the document: it stays as it was typed (`1.` is 1 already), even where the document
 * refuses it, until the document says something else.
 */
export function useDraft(value: string, take: (text: string, step: string) => string | undefined): Draft {
  const [typed, setTyped] = useState<string>();
  const [message, setMessage] = useState<string>();
  const step = useRef('');
  /** What the document says as far as this field knows, and whether a key typed here is about to change that. */
  const known = useRef(value);
  const typing = useRef(false);
  useEffect(() => {
    if (known.current !== value && !typing.current) {
      setTyped(undefined);
      setMessage(undefined);
    }
    known.current = value;
    typing.current = false;
  });
  return {
    shown: typed ?? value,
    message,
    begin() {
      step.current = `field ${++visits}`;
    },
    type(text) {
      typing.current = true;
      setTyped(text);
      setMessage(take(text, step.current));
    },
    end() {
      if (!message) setTyped(undefined);
    },
    drop() {
      setTyped(undefined);
      setMessage(undefined);
    },
  };
}
