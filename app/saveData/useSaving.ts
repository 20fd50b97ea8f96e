import { useEffect, useRef, useState } from 'react';
import { type PlainError, toPlain } from '../../core/errors.ts';
import type { SaveOptions, SavePlan, SaveProgress, SaveResult } from '../../workers/savedFile.ts';
import { useContextual, useExplorer } from '../store/context.tsx';
import { openFiles } from '../store/openFiles.ts';
import { chooseTarget } from './target.ts';

/** How far saving has come. */
export type Saving =
  | { kind: 'choosing'; error?: PlainError }
  | { kind: 'writing'; progress?: SaveProgress }
  | { kind: 'done'; result: SaveResult; file: File; downloaded: boolean };

/** A plan may cost a look at every file's schema. */
const PLAN_AFTER_MS = 200;

/** What saving would take, and saving itself. Ends with the component. */
export function useSaving(dataset: number, options: SaveOptions) {
  const { store, session } = useContextual();
  const [saving, setSaving] = useState<Saving>({ kind: 'choosing' });
  const [plan, setPlan] = useState<SavePlan>();
  const [wrong, setWrong] = useState<PlainError>();
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);

  const isOpen = useExplorer((s) => openFiles(s, dataset) !== undefined);
  const asked = JSON.stringify([dataset, options, isOpen]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` stands for what is asked
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      const { document } = store.getState();
      const addresses = openFiles(store.getState(), dataset);
      if (!document || !addresses) return;
      session.savePlan(document, addresses, dataset, { ...options, signal: stop.signal }).then(
        (found) => {
          if (stop.signal.aborted) return;
          setPlan(found);
          setWrong(undefined);
        },
        (error) => stop.signal.aborted || setWrong(toPlain(error)),
      );
    }, PLAN_AFTER_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [asked]);

  /** Called from a click: the browser may ask where to. */
  async function save(name: string): Promise<void> {
    const { document } = store.getState();
    const addresses = openFiles(store.getState(), dataset);
    if (!document || !addresses) return;
    let target: Awaited<ReturnType<typeof chooseTarget>>;
    const stop = new AbortController();
    abort.current = stop;
    const { signal } = stop;
    try {
      target = await chooseTarget(name);
      if (!target) return;
      setSaving({ kind: 'writing' });
      const onProgress = (progress: SaveProgress) => setSaving({ kind: 'writing', progress });
      const result = await session.saveParquet(
        document,
        addresses,
        dataset,
        { ...options, signal, onProgress },
        target,
      );
      setSaving({ kind: 'done', result, ...(await target.finish()) });
    } catch (error) {
      await target?.discard();
      const plain = toPlain(error);
      setSaving({ kind: 'choosing', ...(plain.tag !== 'cancelled' && { error: plain }) });
    }
  }

  return { saving, plan, wrong, isOpen, save, cancel: () => abort.current?.abort() };
}
