// Fetches a surface, decodes it and makes it ready to draw and to pick, off the main thread.

import createDecoderModule from "draco3d/draco_decoder_nodejs.js";
import { buildBvh } from "../bvh";
import { splitCreases } from "../creases";
import type { Mesh } from "../mesh";

interface Request {
  id: number;
  url: string;
  decoder: string;
}

// The package's types describe its Node entry; only these members are used here.
/* eslint-disable @typescript-eslint/no-explicit-any */
let loading: Promise<any> | null = null;

function decoderFrom(url: string): Promise<any> {
  loading ??= fetch(url)
    .then((response) => response.arrayBuffer())
    .then((wasmBinary) => createDecoderModule({ wasmBinary }));
  return loading;
}

async function load({ url, decoder }: Request): Promise<Mesh> {
  const [draco, response] = await Promise.all([
    decoderFrom(decoder),
    fetch(url, { credentials: "same-origin" }),
  ]);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const coded = decode(draco, new Int8Array(await response.arrayBuffer()));
  return { ...splitCreases(coded.vertices, coded.triangles), bvh: null };
}

function decode(draco: any, bytes: Int8Array) {
  const decoder = new draco.Decoder();
  const buffer = new draco.DecoderBuffer();
  const mesh = new draco.Mesh();
  try {
    buffer.Init(bytes, bytes.length);
    const status = decoder.DecodeBufferToMesh(buffer, mesh);
    if (!status.ok()) throw new Error("the surface cannot be decoded");
    const size = 12 * mesh.num_faces();
    const corner = draco._malloc(size);
    decoder.GetTrianglesUInt32Array(mesh, size, corner);
    const triangles = new Uint32Array(draco.HEAPU32.buffer, corner, size / 4).slice();
    draco._free(corner);
    const position = decoder.GetAttributeByUniqueId(
      mesh,
      decoder.GetAttribute(mesh, decoder.GetAttributeId(mesh, draco.POSITION)).unique_id(),
    );
    const room = 12 * mesh.num_points();
    const point = draco._malloc(room);
    decoder.GetAttributeDataArrayForAllPoints(mesh, position, draco.DT_FLOAT32, room, point);
    const vertices = new Float32Array(draco.HEAPF32.buffer, point, room / 4).slice();
    draco._free(point);
    return { vertices, triangles };
  } finally {
    draco.destroy(mesh);
    draco.destroy(buffer);
    draco.destroy(decoder);
  }
}

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<Request>) => void) | null;
  postMessage(message: unknown, transfer?: Transferable[]): void;
};

/** Meshes under way, and those that have left without a tree. */
let loads = 0;
const bare: { id: number; mesh: Mesh }[] = [];

/** Grow one tree, unless somebody waits for a picture. */
function growNext(): void {
  const next = loads === 0 ? bare.shift() : undefined;
  if (!next) return;
  const bvh = buildBvh(next.mesh.vertices, next.mesh.triangles);
  const arrays = [bvh.boxes, bvh.counts, bvh.nexts, bvh.order];
  scope.postMessage({ id: next.id, bvh }, arrays.map((array) => array.buffer));
  setTimeout(growNext);
}

scope.onmessage = ({ data: request }) => {
  const { id } = request;
  loads += 1;
  load(request)
    .then(
      (mesh) => {
        bare.push({ id, mesh });
        scope.postMessage({ id, mesh }, [mesh.normals.buffer]); // the tree needs the rest
      },
      (error: unknown) => scope.postMessage({ id, error: error instanceof Error ? error.message : "unknown" }),
    )
    .finally(() => {
      loads -= 1;
      setTimeout(growNext);
    });
};
