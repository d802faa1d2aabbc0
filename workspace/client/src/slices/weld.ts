// Vertices at one place count as one: creases have copies, and a line must run on through them.

const EMPTY = -1;

/** Return for each vertex the first one at the same place, bit for bit. */
export function welded(vertices: Float32Array): Int32Array {
  const size = vertices.length / 3;
  const bits = new Int32Array(vertices.buffer, vertices.byteOffset, vertices.length);
  const room = 2 ** Math.ceil(Math.log2(Math.max(2 * size, 16)));
  const table = new Int32Array(room).fill(EMPTY);
  const first = new Int32Array(size);
  for (let v = 0; v < size; v += 1) {
    const [x, y, z] = [bits[3 * v], bits[3 * v + 1], bits[3 * v + 2]];
    let slot = hashOf(x, y, z) & (room - 1);
    for (;;) {
      const other = table[slot];
      if (other === EMPTY) {
        table[slot] = v;
        first[v] = v;
        break;
      }
      if (bits[3 * other] === x && bits[3 * other + 1] === y && bits[3 * other + 2] === z) {
        first[v] = other;
        break;
      }
      slot = (slot + 1) & (room - 1);
    }
  }
  return first;
}

/** Mixes as MurmurHash3's finalizer does. */
function hashOf(x: number, y: number, z: number): number {
  let hash = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca6b) ^ Math.imul(z, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
