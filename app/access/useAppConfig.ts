import { useEffect, useState } from 'react';
import { useContextual } from '../store/context.tsx';
import { type AppConfig, appConfig } from './appConfig.ts';

/** What this app was set up with; nothing until that is known. */
export function useAppConfig(): AppConfig {
  const { base } = useContextual();
  const [config, setConfig] = useState<AppConfig>({});
  useEffect(() => {
    let left = false;
    void appConfig(base).then((found) => !left && setConfig(found));
    return () => {
      left = true;
    };
  }, [base]);
  return config;
}
