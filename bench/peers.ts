/**
 * What others do with the same data: Python scripts beside this file, run in a subprocess. `LUMISCOPE_PYTHON` names
 * the interpreter (else `python3`); a peer that it lacks is reported as absent, never left out in silence.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** One measurement of one peer. */
export interface PeerRun {
  /** Of each repeat. */
  seconds: number[];
  /** Contents of the histograms that it filled, flow bins first and last. */
  counts: number[][];
}

/** By task; or why there is none. */
export type Peer = { name: string; version: string; runs: Record<string, PeerRun> } | { name: string; absent: string };

const PYTHON = process.env.LUMISCOPE_PYTHON ?? 'python3';

/**
 * Runs `bench/<script>` with `input` as JSON on its standard input.
 * @param names the peers that it should report; all are absent where there is no Python
 */
export async function runPeers(script: string, names: string[], input: unknown): Promise<Peer[]> {
  const absent = (why: string): Peer[] => names.map((name) => ({ name, absent: why }));
  const child = spawn(PYTHON, [fileURLToPath(new URL(script, import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // One core each: numerical libraries like to take all.
    env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const ended = new Promise<number | Error>((resolve) => {
    child.once('error', resolve);
    child.once('close', (code) => resolve(code ?? 1));
  });
  child.stdin.on('error', () => {}).end(JSON.stringify(input));
  const code = await ended;
  if (code instanceof Error) return absent(`${PYTHON}: ${code.message}`);
  if (code !== 0) return absent(`${script} ended with ${code}`);
  return JSON.parse(output) as Peer[];
}

/** Lists what is absent, for the notes under a table. */
export function absences(peers: Peer[]): string[] {
  return peers.flatMap((peer) => ('absent' in peer ? [`${peer.name}: absent (${peer.absent})`] : []));
}

/** `DuckDB 2.0.0`. */
export const label = (peer: Peer): string => ('absent' in peer ? peer.name : `${peer.name} ${peer.version}`);
