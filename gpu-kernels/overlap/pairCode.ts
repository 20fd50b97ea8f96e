/** How the work of a pair of blocks of rows is shared out. */
export interface PairShape {
  /** Threads of a workgroup, along each side. */
  side: number;
  /** Rows of a thread, along each side. */
  own: number;
  /** Words of each row that a workgroup holds at a time. */
  words: number;
}

/** Rows of a block. */
export const blockRows = ({ side, own }: PairShape) => side * own;

/** Words of a row that one workgroup goes over: others go over the next ones. */
export const WORDS_OF_GROUP = 512;

/**
 * WGSL that adds to `both[i * rows + j]`, for i < j, how many bits rows i and j share within words [begin, end). Workgroup (x, y, z): blocks x and y of rows, of which y is
 * the later one, and the z-th stretch of words. Rows and words past the end are taken as empty.
 */
export function pairCode(shape: PairShape): string {
  const { side, own, words } = shape;
  const block = blockRows(shape);
  const threads = side * side;
  return /* wgsl */ `
struct Params { rows: u32, stride: u32, begin: u32, end: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> bits: array<u32>;
@group(0) @binding(2) var<storage, read_write> both: array<atomic<u32>>;

var<workgroup> left: array<u32, ${block * words}>;
var<workgroup> right: array<u32, ${block * words}>;

fn word(row: u32, at: u32, end: u32) -> u32 {
  if (row >= params.rows || at >= end) { return 0u; }
  return bits[row * params.stride + at];
}

@compute @workgroup_size(${side}, ${side})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  if (group.y < group.x) { return; }
  let firstLeft = group.x * ${block}u;
  let firstRight = group.y * ${block}u;
  let first = params.begin + group.z * ${WORDS_OF_GROUP}u;
  let last = min(params.end, first + ${WORDS_OF_GROUP}u);
  let thread = local.y * ${side}u + local.x;
  var sums: array<u32, ${own * own}>;
  for (var at = first; at < last; at += ${words}u) {
    for (var k = thread; k < ${block * words}u; k += ${threads}u) {
      let row = k / ${words}u;
      let place = at + k % ${words}u;
      left[k] = word(firstLeft + row, place, last);
      right[k] = word(firstRight + row, place, last);
    }
    workgroupBarrier();
    for (var w = 0u; w < ${words}u; w++) {
      var others: array<u32, ${own}>;
      for (var j = 0u; j < ${own}u; j++) { others[j] = right[(local.y + j * ${side}u) * ${words}u + w]; }
      for (var i = 0u; i < ${own}u; i++) {
        let mine = left[(local.x + i * ${side}u) * ${words}u + w];
        for (var j = 0u; j < ${own}u; j++) { sums[i * ${own}u + j] += countOneBits(mine & others[j]); }
      }
    }
    workgroupBarrier();
  }
  for (var i = 0u; i < ${own}u; i++) {
    let a = firstLeft + local.x + i * ${side}u;
    for (var j = 0u; j < ${own}u; j++) {
      let b = firstRight + local.y + j * ${side}u;
      let sum = sums[i * ${own}u + j];
      if (a < b && b < params.rows && sum > 0u) { atomicAdd(&both[a * params.rows + b], sum); }
    }
  }
}
`;
}
