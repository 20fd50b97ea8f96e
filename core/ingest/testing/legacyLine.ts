import { printGuid, printOid } from '../../catalogue/eventKey.ts';
import { printHltMask, printL1Mask } from '../../catalogue/triggerMask.ts';

export interface LegacyToken {
  stream: string;
  guid: { hi: bigint; lo: bigint };
  oid1: bigint;
  oid2: bigint;
}

export interface LegacyEvent {
  run: number;
  event: bigint;
  lb: number;
  bcid: number;
  /** Nanoseconds since 1970. */
  time: bigint;
  weight: string;
  channel: number;
  l1id: number | undefined;
  simulated: boolean;
  l1: { tbp: number[]; tap: number[]; tav: number[] } | undefined;
  l2: { ph: number[]; pt: number[]; rs: number[] } | undefined;
  ef: { ph: number[]; pt: number[]; rs: number[] } | undefined;
  smk: number;
  hpsk: number;
  l1psk: number;
  /** The record's own, then what it was made from. */
  tokens: LegacyToken[];
}

const STORAGE = ['POOLContainer(DataHeader)', 'D82968A1-CF91-4320-B2DD-E0F739CBC7E6', '00000202'];
const RAW_STORAGE = ['00000000', '00000000-0000-0000-0000-000000000000', '00001000'];

/** A record as Hadoop prints it. @param augmented the 14 fields behind */
export function printLegacyLine(event: LegacyEvent, augmented?: string[], separator = '\t'): string {
  const key = `${String(event.run).padStart(8, '0')}-${String(event.event).padStart(11, '0')}`;
  const tokens = Array.from({ length: 4 }, (_, k) => {
    const token = event.tokens[k];
    if (!token) return ['', '', '', '', '', ''];
    const storage = token.stream === 'StreamRAW' ? RAW_STORAGE : STORAGE;
    return [token.stream, printGuid(token.guid), ...storage, `${printOid(token.oid1)}-${printOid(token.oid2)}`];
  }).flat();
  const fields = [
    event.lb,
    event.bcid,
    event.time / 1_000_000_000n,
    event.time % 1_000_000_000n,
    event.weight,
    event.channel,
    event.l1id ?? '',
    event.simulated ? 1 : 0,
    0,
    0,
    event.l1 ? printL1Mask(event.l1) : '',
    event.l2 ? printHltMask(event.l2) : '',
    event.ef ? printHltMask(event.ef) : '',
    event.smk,
    event.hpsk,
    event.l1psk,
    ...tokens,
    ...(augmented ?? []),
  ];
  return `${key}${separator}${fields.join(',')}`;
}

/** Event `k` of a run: all of it follows from its number. @param files that events are put into, by turns of a kind */
export function madeEvent(k: number, run: number, files = 3): LegacyEvent {
  const mixed = Math.imul(k + 1, 0x9e3779b1) >>> 0;
  const file = BigInt(mixed % files);
  const bits = (seed: number, below: number) =>
    [...new Set([0, 1, 2, 3].map((n) => (Math.imul(mixed ^ seed, 2 * n + 0x85eb) >>> 8) % below))].sort(
      (a, b) => a - b,
    );
  const passed = { ph: bits(1, 4096), pt: bits(2, 300), rs: [] };
  return {
    run,
    event: 795_818_900n + 7n * BigInt(k),
    lb: 1 + Math.floor(k / 50),
    bcid: mixed % 3564,
    time: 1_446_517_518_000_000_000n + 250_000_000n * BigInt(k),
    weight: '1.0',
    channel: 0,
    l1id: mixed,
    simulated: false,
    l1: { tbp: bits(3, 512), tap: bits(4, 512), tav: bits(5, 512) },
    l2: passed,
    ef: passed,
    smk: 2231,
    hpsk: 3417,
    l1psk: 4834 + Math.floor(k / 500),
    tokens: [
      {
        stream: 'StreamAOD',
        guid: { hi: 0x8840a3a58bef4342n, lo: 0x9d4f56e649d2fe90n + file },
        oid1: 0x1fen,
        oid2: BigInt(k),
      },
      {
        stream: 'StreamRAW',
        guid: { hi: 0xfaf87bb2d981e511n, lo: 0x918802163e00e205n },
        oid1: 0n,
        oid2: BigInt(mixed),
      },
    ],
  };
}
