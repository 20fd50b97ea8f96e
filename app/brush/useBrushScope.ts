import { useEffect, useState } from 'react';
import type { BrushScope } from '../../core/analysis/brushCondition.ts';
import { brushScope } from '../store/brushRun.ts';
import { useExplorer } from '../store/context.tsx';

/** What brushes have to know of the open document; undefined until that is there. */
export function useBrushScope(): BrushScope | undefined {
  const document = useExplorer((s) => s.document);
  const schema = useExplorer((s) => s.schema);
  const [scope, setScope] = useState<BrushScope>();
  useEffect(() => {
    let gone = false;
    if (document && schema) void brushScope(document, schema).then((made) => !gone && setScope(made));
    return () => {
      gone = true;
    };
  }, [document, schema]);
  return scope?.document === document ? scope : undefined;
}
