// Puts room, stage, panes and tools together. The component draws what stands here and hands on events.

import { shallowReactive, watch } from "vue";
import type { Camera, Direction } from "./camera";
import { Capture } from "./capture/capture";
import { Company } from "./company/company";
import { Frusta } from "./company/frusta";
import type { Spot } from "./company/showing";
import { Refusals } from "./company/refusals";
import { frameOf, Frames } from "./frames";
import type { Graphics } from "./graphics";
import { Hands } from "./hands";
import { Images } from "./images/images";
import { ServerValues } from "./images/server_values";
import { ImagesInSpace } from "./images/space";
import { Ink } from "./ink";
import { DepthCues } from "./inside/cues";
import { clipLayer } from "./inside/drawing";
import { Inside } from "./inside/inside";
import { Isolation } from "./inside/isolating";
import { isMarkupKind, kindOf } from "./markups/kinds";
import { MarkupLayer } from "./markups/layer";
import { Menus } from "./markups/menus";
import { viewFrom } from "./marks";
import { Memory, sessionTexts, type Appearance } from "./memory";
import { News } from "./news";
import { Crosshair } from "./panes/crosshair";
import type { Layer } from "./panes/pane";
import { Panes } from "./panes/panes";
import type { Command, MarkupKind, ToolName } from "./protocol";
import { Room } from "./room";
import { ghostKey, Stage } from "./stage";
import { centreOf, solidOf } from "./store";
import { surfaceLoader } from "./surface_loading";
import { Timeline } from "./timeline/timeline";
import { Toasts } from "./toasts";
import { Toolbox } from "./tools/toolbox";
import { LEADS_TO, type Bench, type Tool } from "./tools/tool";
import type { Vector } from "./vector";
import { t } from "./words";

export interface Addresses {
  socket: string;
  surfaces: string;
  /** The member's page, with a slash at the end. */
  base: string;
  /** The folder of the built client. */
  assets: string;
}

export interface Outside {
  tool(name: ToolName): void;
  selected(id: string | null): void;
  ready(): void;
  restarted(): void;
  appearance(appearance: Record<string, Appearance>): void;
}

export class Workbench implements Bench {
  readonly state = shallowReactive({
    tool: "select" as ToolName,
    selectedId: null as string | null,
    keysShown: false,
    hoveredHandle: null as string | null,
    /** The note whose text is open to be changed. */
    openNote: null as string | null,
    resolvedShown: false,
  });
  readonly toasts = new Toasts();
  readonly refusals = new Refusals();
  readonly crosshair = new Crosshair();
  /** What else draws lines over every pane. */
  readonly layers: Layer[] = [];
  readonly company: Company;
  readonly timeline: Timeline;
  readonly memory: Memory;
  readonly frames: Frames;
  readonly room: Room;
  readonly hands: Hands;
  readonly stage: Stage;
  readonly images: Images;
  /** Values of voxels that are not here. */
  readonly values: ServerValues;
  /** The images in the 3D pane. */
  readonly space: ImagesInSpace;
  readonly ink: Ink;
  readonly inside: Inside;
  readonly isolation = new Isolation(this);
  readonly capture = new Capture(this);
  readonly cues = new DepthCues(this);
  readonly frusta = new Frusta(this);
  readonly tools: Toolbox;
  readonly menus = new Menus(this);
  readonly markups = new MarkupLayer(this);
  readonly panes: Panes;
  private visiting: string | null = null;
  private placedCamera = false;
  private readonly unwatch: () => void;

  constructor(
    { socket, surfaces, base, assets }: Addresses,
    memberId: string,
    private readonly outside: Outside,
  ) {
    this.memory = new Memory(socket);
    const news = new News(this, () => outside.restarted());
    this.room = new Room(socket, memberId, sessionTexts(), news);
    this.frames = new Frames(this.room, this.memory);
    this.hands = new Hands(this.room);
    this.stage = new Stage(this.room, this.hands, surfaceLoader(assets, surfaces));
    this.images = new Images(base, assets);
    this.values = new ServerValues(base);
    this.stage.onReady = () => {
      this.images.goOn();
      outside.ready();
    };
    this.space = new ImagesInSpace(this.images, () => this.stage.redraw());
    this.stage.volume = () => this.space.drawn(this.stage.clips.spaces);
    this.timeline = new Timeline(this.room, base);
    this.timeline.onLeave = () => news.layDown();
    this.timeline.onShown = () => news.momentShown();
    this.tools = new Toolbox(this);
    this.ink = new Ink(this);
    this.stage.compose = () => this.compose();
    this.stage.drawInk = () => this.ink.draw();
    this.recall();
    this.panes = new Panes(this);
    this.recallKinds();
    this.company = new Company(this);
    this.inside = new Inside(this);
    this.frusta.recall();
    this.layers.push(clipLayer(this), this.frusta, this.markups);
    this.unwatch = this.watchAll();
  }

  open(container: HTMLElement, graphics: Graphics): void {
    this.stage.attach(container, graphics);
    this.cues.begin(graphics);
    this.space.begin(graphics);
    this.room.open(this.memory.get().branchId);
    void this.images.open();
  }

  close(): void {
    this.unwatch();
    this.inside.close();
    this.capture.close();
    this.company.close();
    this.timeline.close();
    this.space.close();
    this.images.close();
    this.values.close();
    this.room.close();
    this.panes.close();
    this.stage.close();
  }

  get tool(): Tool {
    return this.tools[this.state.tool];
  }

  selected(): string | null {
    return this.state.selectedId;
  }

  select(id: string | null): void {
    if (this.state.selectedId === id) return;
    this.state.selectedId = id;
    this.memory.put({ selectedId: id });
    this.outside.selected(id);
    this.tools.tellChosen();
    this.stage.redraw();
  }

  choose(name: ToolName): void {
    if (name === this.state.tool || !this.mayUse(name)) return;
    if (this.tool.takes("cancel") && this.state.tool !== "select") {
      const kept = this.state.selectedId;
      this.tool.send("cancel");
      this.select(kept);
    }
    // The card of a comment lies over what the next tool is for.
    if (this.threadOpen && LEADS_TO[name] !== null) this.select(null);
    this.state.tool = name;
    this.memory.put({ tool: name });
    this.outside.tool(name);
    this.tools.tellChosen();
    this.stage.redraw();
    this.tellRoom();
  }

  /** The member's own hand moves the camera. */
  look(camera: Camera): void {
    this.company.takeOver();
    this.stage.look(camera);
  }

  view(direction: Direction): void {
    this.look({ ...this.stage.state.camera, ...viewFrom(frameOf(this), direction) });
  }

  frame(solidId: string | null = null): void {
    this.company.takeOver();
    this.stage.frameAll(solidId);
    if (solidId === null) this.panes.fit();
  }

  /** The member's own choice of what is seen and how; the panels hear of it. */
  dress(appearance: Record<string, Appearance>): void {
    this.outside.appearance(appearance);
  }

  /** Bring a world point, or a solid, to the middle. */
  focus(target: { point_mm?: Vector; solid_id?: string }): void {
    const solid = solidOf(this.room.state.view, target.solid_id ?? "");
    const point = target.point_mm ?? (solid && this.stage.worldOf(target.solid_id ?? "", centreOf(solid)));
    if (point) this.look({ ...this.stage.state.camera, focal: point });
  }

  /** Go to where something was changed: the slices, the middle of the 3D view, and what it is. */
  goTo({ point_mm, id }: Spot): void {
    this.select(id);
    const { segments, fragments } = this.room.state.view;
    if (point_mm) this.crosshair.jump(point_mm);
    this.focus(point_mm ? { point_mm } : id in segments || id in fragments ? { solid_id: id } : {});
  }

  mayUse(name: ToolName): boolean {
    const command = LEADS_TO[name];
    return command === null || this.room.may(command);
  }

  submit(command: Command, seen?: number): string | null {
    if (this.room.may(command.type)) return this.room.submit(command, seen);
    this.toasts.refuse(this.whyNot());
    return null;
  }

  private whyNot(): string {
    const { past, role } = this.room.state;
    if (past !== null) return t("This is how the plan was. Go back to now to change it.");
    return t("As {role} you may not do this. Ask the owner of the room for another role.", { role: t(role) });
  }

  /** Measure or annotate with another kind from now on. */
  takeKind(kind: MarkupKind): void {
    const { tool } = kindOf(kind);
    this.tools[tool].take(kind);
    this.memory.put({ kinds: { ...this.memory.get().kinds, [tool]: kind } });
    this.choose(tool);
  }

  /** Let the points of a markup be moved, or no longer: nothing else moves them. */
  editPoints(id: string | null = this.state.selectedId): void {
    const one = this.room.state.view.markups[id ?? ""];
    if (this.state.tool === "edit" || !one || !this.tools.edit.mayEdit(one)) {
      if (this.state.tool === "edit") this.choose("select");
      return;
    }
    this.select(id);
    this.choose("edit");
  }

  /** Take away the markup, note, measurement or waiting plane that is chosen. */
  removeSelected(): void {
    const id = this.state.selectedId;
    const { notes, measurements, markups, cuts } = this.room.state.view;
    if (id === null) return;
    if (markups[id]) this.submit({ type: "remove_markup", markup_id: id });
    if (measurements[id]) this.submit({ type: "remove_measurement", measurement_id: id });
    else if (notes[id]) this.submit({ type: "remove_note", note_id: id });
    else if (cuts[id] && !cuts[id].applied) this.submit({ type: "remove_cut", cut_id: id });
  }

  /** The room has let this member in, on that branch. */
  entered(branchId: string): void {
    this.visiting = null;
    this.memory.put({ branchId });
    if (!this.mayUse(this.state.tool)) {
      this.state.tool = "select";
      this.outside.tool("select");
    }
    this.placeCamera();
  }

  /** Show everything, as soon as there is anything and nobody has looked elsewhere. */
  placeCamera(): void {
    if (this.placedCamera) return;
    this.stage.frameAll();
    this.placedCamera = Object.keys(this.room.state.view.segments).length > 0;
  }

  /** Show another branch; the camera stays. */
  visit(branchId: string): void {
    if (branchId === this.room.state.branchId || branchId === this.visiting) return;
    if (this.room.visit(branchId)) this.visiting = branchId;
  }

  get threadOpen(): boolean {
    return (this.state.selectedId ?? "") in this.room.state.view.threads;
  }

  openThread(threadId: string): void {
    const thread = this.room.state.view.threads[threadId];
    if (!thread) return;
    this.select(threadId);
    if (thread.world_mm) this.focus({ point_mm: thread.world_mm });
  }

  tellRoom(): void {
    this.company.tell();
  }

  /** Tell the stage what the plan wants drawn besides the solids. */
  private compose(): void {
    this.stage.selectedId = this.state.selectedId;
    this.stage.preview = this.tools.cut.previewPlane();
    const { preview } = this.stage;
    this.stage.sheets = this.tools.cut.sheets().map(({ cut, corners }) => {
      const chosen = cut.cut_id === this.state.selectedId;
      const beside = chosen && preview ? { ghost: ghostKey(preview.targetId), normal: preview.plane.normal } : undefined;
      return { key: cut.cut_id, corners, opacity: chosen ? 0.16 : 0.08, beside };
    });
    this.tools.cut.measure();
  }

  private watchAll(): () => void {
    const stops = [
      watch(
        // One source each: a list made anew would count as changed at every move of a pointer.
        [() => this.room.state.view, () => this.room.others.size, () => this.stage.state.loaded],
        () => this.planChanged(),
        { flush: "sync" },
      ),
      watch(
        () => this.stage.state.camera,
        (camera) => {
          this.memory.put({ camera });
          this.tellRoom();
        },
      ),
      watch(
        // Told anew with every move of a pointer; only what is dragged needs a new picture.
        () => JSON.stringify(this.room.nearby().map(([id, { dragging }]) => dragging && [id, dragging])),
        () => this.stage.redraw(),
      ),
    ];
    return () => stops.forEach((stop) => stop());
  }

  private planChanged(): void {
    const { view } = this.room.state;
    const id = this.state.selectedId;
    const known = [view.segments, view.fragments, view.cuts, view.notes, view.measurements, view.markups, view.threads];
    const waiting = this.room.isPending(
      (command) =>
        ("cut_id" in command && command.cut_id === id) ||
        ("thread_id" in command && command.thread_id === id),
    );
    const gone = id !== null && (!known.some((records) => id in records) || view.cuts[id]?.applied);
    if (this.room.state.welcomed && gone && !waiting) this.select(null);
    this.tools.tellChosen();
    this.stage.redraw();
  }

  private recallKinds(): void {
    const { kinds } = this.memory.get();
    for (const kind of Object.values(kinds ?? {})) if (isMarkupKind(kind)) this.tools[kindOf(kind).tool].take(kind);
  }

  /** What the tab remembers of the last time. */
  private recall(): void {
    const { camera, tool, selectedId } = this.memory.get();
    if (camera) {
      this.stage.state.camera = camera;
      this.placedCamera = true;
    }
    if (tool) this.state.tool = tool;
    this.state.selectedId = selectedId ?? null;
  }
}
