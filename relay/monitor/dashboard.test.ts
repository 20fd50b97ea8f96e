import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { INGEST_STATES } from '../../core/ingest/datasetState.ts';
import { RelayMetrics } from './metrics.ts';
import { EMPTY_STORE } from './snapshot.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

/** All expressions of the dashboard and of the alert rules. */
function expressions(): string[] {
  const found: string[] = [];
  JSON.stringify([JSON.parse(read('../grafana/dashboard.json')), parse(read('./alerts.yml'))], (key, value) => {
    if (key === 'expr') found.push(value);
    return value;
  });
  return found;
}

test('dashboard and alert rules name metrics, states and labels that there are', async () => {
  const metrics = new RelayMetrics();
  metrics.setStore(EMPTY_STORE.census, [], Date.now());
  metrics.hear({ kind: 'self-test', ok: true, ms: 1 }, 0);
  const page = await metrics.registry.metrics();
  const all = expressions();
  expect(all.length).toBeGreaterThan(25);
  for (const expression of all) {
    const names = expression.match(/\b(?:lumiscope_relay|process|nodejs)_\w+/g)!;
    for (const name of names) expect(page, `${name} in ${expression}`).toMatch(new RegExp(`^${name}[ {]`, 'm'));
    for (const [, label] of expression.matchAll(/ by \((?!le\)|job\))(?:job, )?(\w+)\)/g))
      expect(page, `${label} in ${expression}`).toMatch(new RegExp(`^${names[0]}\\{[^}]*\\b${label}="`, 'm'));
    for (const [, state] of expression.matchAll(/state="(\w+)"/g)) expect(INGEST_STATES).toContain(state);
  }
});

test('every metric says what it is, in base units', async () => {
  const metrics = new RelayMetrics({ process: false });
  for (const { name, help, type } of await metrics.registry.getMetricsAsJSON()) {
    expect(name).toMatch(/^lumiscope_relay_[a-z_]+$/);
    expect(help.length, name).toBeGreaterThan(10);
    expect(name.endsWith('_total'), name).toBe(String(type) === 'counter');
    expect(name, 'seconds and bytes, nothing else').not.toMatch(/_(ms|millis|minutes|kb|mb)\b/);
  }
});
