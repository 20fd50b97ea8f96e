import { TILE_BINS } from '../../../core/hist/tiles.ts';
import { I32, I64, type Local } from './code.ts';
import { cells } from './frame.ts';
import type { Generator } from './generator.ts';

/** Before the bins of a tile stands its number, in as many bytes as keep the bins aligned. */
export const TILE_HEADER = 16;

/**
 * The address of a bin of a histogram in tiles: the tile is looked up in a table of addresses (0 where free) by its hash, and where it
 * is not there yet it takes the next place of the block. The host gives a new block, and a larger table, when the block is used up.
 *
 * @param bin number of the bin, 64 bits wide
 */
export function tiledAddress(g: Generator, k: number, bin: Local, binBytes: number): Local {
  const { code, framePointer, frame } = g;
  const tileBytes = TILE_HEADER + TILE_BINS * binBytes;
  const load = (cell: string) => code.get(framePointer).mem('i32.load', frame.cell(cell));
  const tile = code
    .get(bin)
    .i64(BigInt(Math.log2(TILE_BINS)))
    .op('i64.shr_s')
    .hold(I64);
  const hash = emitHash(g, tile);
  const place = code.get(hash).hold(I32);
  const entry = code.local(I32);
  const address = code.local(I32);
  code.block((found) => {
    code.loop((again) => {
      load(cells.tileTable(k)).get(place);
      load(cells.tileMask(k)).op('i32.and').i32(2).op('i32.shl').op('i32.add').set(entry);
      code.get(entry).mem('i32.load').set(address);
      code.get(address).if(() => {
        code.get(address).mem('i64.load').get(tile).op('i64.eq').brIf(found);
        code.get(place).i32(1).op('i32.add').set(place).br(again);
      });
      load(cells.tileNext(k)).set(address);
      code.get(address);
      load(cells.tileEnd(k)).op('i32.eq');
      code.if(() => {
        code.i32(k).call('host', 'moreTiles', [I32], []).get(hash).set(place).br(again);
      });
      code.get(address).get(tile).mem('i64.store');
      code.get(entry).get(address).mem('i32.store');
      code
        .get(framePointer)
        .get(address)
        .i32(tileBytes)
        .op('i32.add')
        .mem('i32.store', frame.cell(cells.tileNext(k)));
    });
  });
  code
    .get(bin)
    .op('i32.wrap_i64')
    .i32(TILE_BINS - 1)
    .op('i32.and')
    .i32(Math.log2(binBytes))
    .op('i32.shl');
  return code.get(address).op('i32.add').i32(TILE_HEADER).op('i32.add').hold(I32);
}

/** `hashTile` of `core/hist/tiles.ts`. */
function emitHash(g: Generator, tile: Local): Local {
  const { code } = g;
  code
    .get(tile)
    .op('i32.wrap_i64')
    .i32(0x9e3779b1 | 0)
    .op('i32.mul');
  code
    .get(tile)
    .i64(32n)
    .op('i64.shr_s')
    .op('i32.wrap_i64')
    .i32(0x85ebca6b | 0)
    .op('i32.mul')
    .op('i32.xor');
  const mixed = code.hold(I32);
  return code.get(mixed).get(mixed).i32(15).op('i32.shr_u').op('i32.xor').hold(I32);
}
