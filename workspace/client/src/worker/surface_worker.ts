// Fetches a surface, decodes it and makes it ready to draw and to pick, off the main thread.

import createDecoderModule from "draco3d/draco_decoder_nodejs.js";
import { buildBvh } from "../bvh";
import { splitCreases } from "../creases";

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

async function load({ url, decoder }: Request) {
  const [draco, response] = await Promise.all([
    decoderFrom(decoder),
    fetch(url, { credentials: "same-origin" }),
  ]);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const coded = decode(draco, new Int8Array(await response.arrayBuffer()));
  const mesh = splitCreases(coded.vertices, coded.triangles);
  return { ...mesh, bvh: buildBvh(mesh.vertices, mesh.triangles) };
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

scope.onmessage = ({ data }) => {
  load(data).then(
    (mesh) => {
      const { boxes, counts, nexts, order } = mesh.bvh;
      const arrays = [mesh.vertices, mesh.triangles, mesh.normals, boxes, counts, nexts, order];
      scope.postMessage(
        { id: data.id, mesh },
        arrays.map((array) => array.buffer),
      );
    },
    (error: unknown) => {
      scope.postMessage({ id: data.id, error: error instanceof Error ? error.message : "unknown" });
    },
  );
};
