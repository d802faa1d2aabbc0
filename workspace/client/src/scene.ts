// Draws solids and planes with vtk.js. Takes values; owns no plan.

// What is drawn with, and no more: the profile brings WebGPU and scalar bars, 370 kB.
import "@kitware/vtk.js/Rendering/OpenGL/Actor";
import "@kitware/vtk.js/Rendering/OpenGL/Camera";
import "@kitware/vtk.js/Rendering/OpenGL/PolyDataMapper";
import "@kitware/vtk.js/Rendering/OpenGL/Renderer";
import vtkCellArray from "@kitware/vtk.js/Common/Core/CellArray";
import vtkDataArray from "@kitware/vtk.js/Common/Core/DataArray";
import vtkPlane from "@kitware/vtk.js/Common/DataModel/Plane";
import vtkPolyData from "@kitware/vtk.js/Common/DataModel/PolyData";
import vtkActor from "@kitware/vtk.js/Rendering/Core/Actor";
import vtkLight from "@kitware/vtk.js/Rendering/Core/Light";
import vtkMapper from "@kitware/vtk.js/Rendering/Core/Mapper";
import vtkRenderer from "@kitware/vtk.js/Rendering/Core/Renderer";
import vtkRenderWindow from "@kitware/vtk.js/Rendering/Core/RenderWindow";
import vtkOpenGLRenderWindow from "@kitware/vtk.js/Rendering/OpenGL/RenderWindow";
import type { Camera, Size } from "./camera";
import { EYE_DISTANCE_MM } from "./camera";
import type { Graphics } from "./graphics";
import type { Mesh } from "./mesh";
import { CuedPass } from "./inside/depth_pass";
import { backToFront, cross, type Veil } from "./translucency";
import { matrix, type Plane, type RigidTransform } from "./rigid";
import { scale, subtract, type Vector } from "./vector";
import { VolumeRendering, type DrawnVolume } from "./volume_rendering";

export interface DrawnSolid {
  /** One actor per key: a solid, or the ghost of one. */
  key: string;
  mesh: Mesh;
  transform: RigidTransform;
  colour: Vector;
  opacity: number;
  visible: boolean;
  selected: boolean;
  ghost: boolean;
  /** World; only what lies on the positive side of all of them is drawn. */
  clips: Plane[];
}

export interface DrawnSheet {
  key: string;
  /** World, in order around. */
  corners: Vector[];
  opacity: number;
  /** The ghost that the sheet bounds, against its normal. */
  beside?: { ghost: string; normal: Vector };
}

interface Part {
  actor: vtkActor;
  mapper: vtkMapper;
  mesh: Mesh | null;
  clips: vtkPlane[];
  ghost?: boolean;
  beside?: Veil["beside"];
}

const AMBER: Vector = [1, 0.69, 0.125];
/** Where the two lamps stand, seen from the eye: upper left, and a weak one lower right. */
const LAMPS: { position: Vector; intensity: number }[] = [
  { position: [-0.45, 0.55, 1], intensity: 0.82 },
  { position: [0.8, -0.35, 0.7], intensity: 0.3 },
];

export class Scene {
  private readonly renderer = vtkRenderer.newInstance();
  private readonly window = vtkRenderWindow.newInstance();
  private readonly gl = vtkOpenGLRenderWindow.newInstance();
  private readonly solids = new Map<string, Part>();
  private readonly sheets = new Map<string, Part>();
  private readonly pass = new CuedPass();
  private readonly volume: VolumeRendering;
  private ordered = "";
  private readonly data = new WeakMap<Mesh, vtkPolyData>();

  constructor(
    container: HTMLElement,
    private readonly graphics: Graphics,
  ) {
    // The first to ask decides: in software smooth edges cost several times the frame.
    this.gl.getCanvas()?.getContext("webgl2", {
      antialias: graphics === "hardware",
      powerPreference: "high-performance",
    });
    (this.renderer.setBackground as (...rgba: number[]) => boolean)(0, 0, 0, 0);
    this.window.addRenderer(this.renderer);
    this.window.addView(this.gl);
    this.gl.setRenderPasses([this.pass as never]);
    this.gl.setContainer(container);
    this.renderer.setLightFollowCamera(true);
    this.renderer.setAutomaticLightCreation(false);
    for (const { position, intensity } of LAMPS) {
      const lamp = vtkLight.newInstance({ intensity });
      lamp.setLightTypeToCameraLight();
      lamp.setPosition(...position);
      lamp.setFocalPoint(0, 0, 0);
      this.renderer.addLight(lamp);
    }
    this.renderer.getActiveCamera().setParallelProjection(true);
    this.volume = new VolumeRendering(this.renderer, graphics);
  }

  get canvas(): HTMLCanvasElement | null {
    return this.gl.getCanvas() ?? null;
  }

  setSize({ width, height }: Size, pixelRatio: number): void {
    this.gl.setSize(
      Math.max(1, Math.round(width * pixelRatio)),
      Math.max(1, Math.round(height * pixelRatio)),
    );
  }

  setSolids(drawn: DrawnSolid[]): void {
    this.keepOnly(this.solids, drawn);
    for (const solid of drawn) this.setSolid(solid);
  }

  setSheets(drawn: DrawnSheet[]): void {
    this.keepOnly(this.sheets, drawn);
    for (const { key, corners, opacity, beside } of drawn) {
      const part = this.partOf(this.sheets, key);
      part.mapper.setInputData(quad(corners));
      part.beside = beside;
      const look = part.actor.getProperty();
      look.setLighting(false);
      look.setColor(...AMBER);
      look.setOpacity(opacity);
      part.actor.setForceTranslucent(true);
    }
  }

  setVolume(drawn: DrawnVolume | null): void {
    this.volume.set(drawn);
  }

  setCamera(camera: Camera): void {
    const eye = this.renderer.getActiveCamera();
    eye.setFocalPoint(...camera.focal);
    eye.setPosition(...subtract(camera.focal, scale(camera.direction, EYE_DISTANCE_MM)));
    eye.setViewUp(...camera.up);
    eye.setParallelScale(camera.half_height_mm);
    this.renderer.resetCameraClippingRange();
    const [near, far] = eye.getClippingRange();
    this.pass.rangeMm = far - near;
    this.pass.mmPerPixel = (2 * camera.half_height_mm) / Math.max(1, this.gl.getSize()[1]);
    this.order(camera.direction);
  }

  setDepthCues(on: boolean): void {
    this.pass.on = on;
  }

  render(): void {
    this.window.render();
  }

  matrixOf(key: string): number[] | null {
    const part = this.solids.get(key);
    return part ? Array.from(part.actor.getUserMatrix()) : null;
  }

  close(): void {
    this.keepOnly(this.solids, []);
    this.keepOnly(this.sheets, []);
    this.volume.close();
    this.gl.setContainer(null as unknown as HTMLElement);
    this.gl.delete();
  }

  private setSolid(solid: DrawnSolid): void {
    const part = this.partOf(this.solids, solid.key);
    if (part.mesh !== solid.mesh) {
      part.mesh = solid.mesh;
      part.mapper.setInputData(this.dataOf(solid.mesh));
    }
    part.actor.setUserMatrix(matrix(solid.transform) as never);
    part.actor.setVisibility(solid.visible);
    part.ghost = solid.ghost;
    const look = part.actor.getProperty();
    look.setColor(...solid.colour);
    look.setOpacity(solid.opacity);
    look.setAmbientColor(...(solid.selected ? AMBER : solid.colour));
    look.setAmbient(solid.ghost ? 0.5 : solid.selected ? 0.22 : 0.13);
    look.setDiffuse(solid.ghost ? 0.6 : 0.9);
    look.setSpecular(0.16);
    look.setSpecularPower(24);
    // A thin veil shows its front only, so that what lies behind stays readable.
    // What is cut open shows its inside, darker than the outside: so it reads as inside.
    look.setBackfaceCulling(solid.opacity < 1 && solid.clips.length === 0);
    setInside(part.actor, solid);
    setClips(part, solid.clips);
  }

  /** Put the translucent actors last, in drawing order; the renderer keeps to it. */
  private order(direction: Vector): void {
    const veils = [...this.solids, ...this.sheets].filter(([, { actor }]) => !actor.getIsOpaque());
    const boxes = veils.map(([key, { actor, beside }]) => {
      return { key, bounds: actor.getBounds(), beside, sheet: this.sheets.has(key) };
    });
    const shown = boxes.filter(({ key }) => this.solids.get(key)?.actor.getVisibility());
    const crossing = cross(shown);
    this.pass.mixed = crossing && this.graphics === "hardware";
    // A wall would hide what crosses it; and through a ghost one sees the other half.
    const closed = crossing ? [] : veils.filter(([key, { ghost }]) => this.solids.has(key) && !ghost);
    this.pass.closed = new Set(closed.map(([, { actor }]) => actor));
    const keys = backToFront(boxes, direction);
    if (keys.join() === this.ordered) return;
    this.ordered = keys.join();
    const parts = new Map(veils);
    for (const key of keys) {
      const actor = parts.get(key)?.actor;
      if (!actor) continue;
      this.renderer.removeActor(actor);
      this.renderer.addActor(actor);
    }
  }

  private dataOf(mesh: Mesh): vtkPolyData {
    let data = this.data.get(mesh);
    if (!data) {
      data = polyData(mesh);
      this.data.set(mesh, data);
    }
    return data;
  }

  private partOf(parts: Map<string, Part>, key: string): Part {
    let part = parts.get(key);
    if (!part) {
      const mapper = vtkMapper.newInstance({ scalarVisibility: false });
      const actor = vtkActor.newInstance();
      actor.setMapper(mapper);
      this.renderer.addActor(actor);
      part = { actor, mapper, mesh: null, clips: [] };
      parts.set(key, part);
    }
    return part;
  }

  private keepOnly(parts: Map<string, Part>, drawn: { key: string }[]): void {
    const keys = new Set(drawn.map(({ key }) => key));
    for (const [key, { actor, mapper }] of parts) {
      if (keys.has(key)) continue;
      this.renderer.removeActor(actor);
      actor.delete();
      mapper.delete();
      parts.delete(key);
    }
  }
}

/** How bright the inside of a surface is beside its outside. */
const INSIDE_SHARE = 0.42;

/** A back face is seen only through a cut. */
function setInside(actor: vtkActor, { colour, opacity, clips }: DrawnSolid): void {
  if (clips.length === 0) {
    actor.setBackfaceProperty(null as never);
    return;
  }
  const inside = actor.getBackfaceProperty() ?? actor.makeProperty();
  inside.setColor(...scale(colour, INSIDE_SHARE));
  inside.setSpecular(0);
  inside.setOpacity(opacity);
  actor.setBackfaceProperty(inside);
}

function setClips(part: Part, clips: Plane[]): void {
  if (part.clips.length !== clips.length) {
    part.mapper.removeAllClippingPlanes();
    part.clips = clips.map(() => vtkPlane.newInstance());
    for (const plane of part.clips) part.mapper.addClippingPlane(plane);
  }
  clips.forEach(({ origin, normal }, i) => {
    part.clips[i].setOrigin(...origin);
    part.clips[i].setNormal(...normal);
  });
}

function polyData(mesh: Mesh): vtkPolyData {
  const data = vtkPolyData.newInstance();
  data.getPoints().setData(mesh.vertices, 3);
  const count = mesh.triangles.length / 3;
  const cells = new Uint32Array(4 * count);
  for (let t = 0; t < count; t += 1) {
    cells[4 * t] = 3;
    cells[4 * t + 1] = mesh.triangles[3 * t];
    cells[4 * t + 2] = mesh.triangles[3 * t + 1];
    cells[4 * t + 3] = mesh.triangles[3 * t + 2];
  }
  data.setPolys(vtkCellArray.newInstance({ values: cells }));
  data
    .getPointData()
    .setNormals(
      vtkDataArray.newInstance({ name: "Normals", values: mesh.normals, numberOfComponents: 3 }),
    );
  return data;
}

function quad(corners: Vector[]): vtkPolyData {
  const data = vtkPolyData.newInstance();
  data.getPoints().setData(Float32Array.from(corners.flat()), 3);
  data.setPolys(vtkCellArray.newInstance({ values: Uint32Array.from([4, 0, 1, 2, 3]) }));
  return data;
}
