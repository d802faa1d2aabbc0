// Puts room, stage and tools together. The component draws what stands here and hands on events.

import { shallowReactive, watch } from "vue";
import { facing, type Camera, type Direction, type Pixel } from "./camera";
import { Company } from "./company/company";
import { conflictOf } from "./company/conflicts";
import { Refusals } from "./company/refusals";
import { Frames } from "./frames";
import type { Graphics } from "./graphics";
import { Hands } from "./hands";
import { Images } from "./images/images";
import { Ink } from "./ink";
import { Memory, sessionTexts } from "./memory";
import type { Activity, Advanced, Command, Dragged, PlanView, RecordRef, ToolName, Welcome } from "./protocol";
import { Room } from "./room";
import { ghostKey, Stage } from "./stage";
import { centreOf, solidOf } from "./store";
import { SurfaceLoader } from "./surface_loading";
import { Timeline } from "./timeline/timeline";
import { Toasts } from "./toasts";
import { CommentTool } from "./tools/commenting";
import { CutTool } from "./tools/cutting";
import { MeasureTool } from "./tools/measuring";
import { MoveTool } from "./tools/moving";
import { NoteTool } from "./tools/noting";
import { SelectTool } from "./tools/selecting";
import { LEADS_TO, type Bench, type Tool } from "./tools/tool";
import type { Vector } from "./vector";

/** So many entries back a replaced change can still be told when it was made. */
const MOST_RECENT = 200;

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
  readonly company: Company;
  readonly timeline: Timeline;
  readonly memory: Memory;
  readonly frames: Frames;
  readonly room: Room;
  readonly hands: Hands;
  readonly stage: Stage;
  readonly images: Images;
  readonly ink: Ink;
  readonly note: NoteTool;
  readonly comment: CommentTool;
  readonly measure: MeasureTool;
  readonly cut: CutTool;
  readonly move: MoveTool;
  readonly tools: Record<ToolName, Tool>;
  private recent: Activity[] = [];
  private visiting: string | null = null;
  /** What was in hand and chosen when the past was opened. */
  private laidDown: { tool: ToolName; selectedId: string | null } | null = null;
  private placedCamera = false;
  private readonly unwatch: () => void;

  constructor(
    { socket, surfaces, base, assets }: Addresses,
    memberId: string,
    private readonly outside: Outside,
  ) {
    this.memory = new Memory(socket);
    this.room = new Room(socket, memberId, sessionTexts(), {
      welcome: (welcome, restarted) => this.enter(welcome, restarted),
      resumed: () => this.tellRoom(),
      advanced: (advanced, before) => this.advance(advanced, before),
      asked: (operationId) => this.refusals.remember(operationId),
      refused: (reason, command, operationId) => this.refuse(reason, command, operationId),
      settled: (operationId) => {
        this.hands.settle(operationId);
        this.stage.redraw();
      },
      failed: (reason) => this.toasts.refuse(reason),
    });
    this.frames = new Frames(this.room, this.memory);
    this.hands = new Hands(this.room);
    this.stage = new Stage(this.room, this.hands, new SurfaceLoader(assets, surfaces));
    this.stage.onReady = () => outside.ready();
    this.images = new Images(base, assets);
    this.timeline = new Timeline(this.room, base);
    this.timeline.onLeave = () => this.layDown();
    this.timeline.onShown = () => this.momentShown();
    this.note = new NoteTool(this);
    this.comment = new CommentTool(this);
    this.measure = new MeasureTool(this);
    this.cut = new CutTool(this);
    this.move = new MoveTool(this);
    const select = new SelectTool(this);
    const { note, comment, measure, cut, move } = this;
    this.tools = { select, note, comment, measure, cut, move };
    this.ink = new Ink(this);
    this.stage.compose = () => this.compose();
    this.stage.drawInk = () => this.ink.draw();
    const { camera, tool, selectedId } = this.memory.get();
    if (camera) {
      this.stage.state.camera = camera;
      this.placedCamera = true;
    }
    if (tool) this.state.tool = tool;
    this.state.selectedId = selectedId ?? null;
    this.company = new Company(this);
    this.unwatch = this.watchAll();
  }

  open(container: HTMLElement, graphics: Graphics): void {
    this.stage.attach(container, graphics);
    this.room.open(this.memory.get().branchId);
    void this.images.open();
  }

  close(): void {
    this.unwatch();
    this.company.close();
    this.images.close();
    this.timeline.close();
    this.room.close();
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
    this.tellTools();
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
    this.tellTools();
    this.stage.redraw();
    this.tellRoom();
  }

  /** The member's own hand moves the camera. */
  look(camera: Camera): void {
    this.company.takeOver();
    this.stage.look(camera);
  }

  view(direction: Direction): void {
    this.look(facing(this.stage.state.camera, direction));
  }

  frame(solidId: string | null = null): void {
    this.company.takeOver();
    this.stage.frameAll(solidId);
  }

  /** Bring a world point, or a solid, to the middle. */
  focus(target: { point_mm?: Vector; solid_id?: string }): void {
    const solid = solidOf(this.room.state.view, target.solid_id ?? "");
    const point = target.point_mm ?? (solid && this.stage.worldOf(target.solid_id ?? "", centreOf(solid)));
    if (point) this.look({ ...this.stage.state.camera, focal: point });
  }

  mayUse(name: ToolName): boolean {
    const command = LEADS_TO[name];
    return command === null || this.room.may(command);
  }

  submit(command: Command, seen?: number): void {
    if (this.room.may(command.type)) this.room.submit(command, seen);
    else this.toasts.refuse(this.whyNot());
  }

  private whyNot(): string {
    const { past, role } = this.room.state;
    if (past !== null) return "This is how the plan was. Go back to now to change it.";
    return `As ${role} you may not do this. Ask the owner of the room for another role.`;
  }

  /** Take away the note, measurement or waiting plane that is chosen. */
  removeSelected(): void {
    const id = this.state.selectedId;
    const { notes, measurements, cuts } = this.room.state.view;
    if (id === null) return;
    if (measurements[id]) this.submit({ type: "remove_measurement", measurement_id: id });
    else if (notes[id]) this.submit({ type: "remove_note", note_id: id });
    else if (cuts[id] && !cuts[id].applied) this.submit({ type: "remove_cut", cut_id: id });
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

  /** What is under the hand, or about to be changed. */
  editing(): RecordRef | null {
    const { openNote, tool } = this.state;
    if (openNote !== null) return { kind: "note", record_id: openNote };
    const dragged = this.dragging();
    const cut = dragged?.type === "plane" ? dragged.cut_id : tool === "cut" && this.cut.inHand()?.cut.cut_id;
    if (cut) return { kind: "cut", record_id: cut };
    const moved = tool === "move" && this.move.inHand()?.fragment_id;
    return moved ? { kind: "fragment", record_id: moved } : this.company.state.panelEdits;
  }

  dragging(): Dragged | null {
    return this.cut.dragging ?? this.move.dragging;
  }

  handleHint(): { text: string; at: Pixel } | null {
    const state = this.cut.state.hint ? this.cut.state : this.move.state;
    return state.hint ? { text: state.hint, at: state.hintAt } : null;
  }

  /** Tell the stage what the plan wants drawn besides the solids. */
  private compose(): void {
    this.stage.selectedId = this.state.selectedId;
    this.stage.preview = this.cut.previewPlane();
    const { preview } = this.stage;
    this.stage.sheets = this.cut.sheets().map(({ cut, corners }) => {
      const chosen = cut.cut_id === this.state.selectedId;
      const beside = chosen && preview ? { ghost: ghostKey(preview.targetId), normal: preview.plane.normal } : undefined;
      return { key: cut.cut_id, corners, opacity: chosen ? 0.16 : 0.08, beside };
    });
    this.cut.measure();
  }

  /** Let cut and move know whether something of theirs is chosen. */
  private tellTools(): void {
    this.cut.send(this.cut.inHand() ? "chosen" : "left");
    this.move.send(this.move.inHand() ? "chosen" : "left");
  }

  private watchAll(): () => void {
    const stops = [
      watch(
        () => [this.room.state.view, this.room.others.size, this.stage.state.loaded],
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
        () => this.room.nearby().map(([, { dragging }]) => dragging),
        () => this.stage.redraw(),
      ),
    ];
    return () => stops.forEach((stop) => stop());
  }

  private planChanged(): void {
    const { view } = this.room.state;
    const id = this.state.selectedId;
    const known = [view.segments, view.fragments, view.cuts, view.notes, view.measurements, view.threads];
    const waiting = this.room.isPending(
      (command) =>
        ("cut_id" in command && command.cut_id === id) ||
        ("thread_id" in command && command.thread_id === id),
    );
    const gone = id !== null && (!known.some((records) => id in records) || view.cuts[id]?.applied);
    if (this.room.state.welcomed && gone && !waiting) this.select(null);
    this.tellTools();
    this.stage.redraw();
  }

  private enter({ activity, branch_id }: Welcome, restarted: boolean): void {
    if (restarted) this.outside.restarted();
    this.recent = [...activity];
    this.visiting = null;
    this.memory.put({ branchId: branch_id });
    if (!this.mayUse(this.state.tool)) {
      this.state.tool = "select";
      this.outside.tool("select");
    }
    if (!this.placedCamera) this.stage.frameAll();
    this.placedCamera ||= Object.keys(this.room.state.view.segments).length > 0;
    this.stage.loadSurfaces();
    this.tellRoom();
  }

  private advance(advanced: Advanced, before: PlanView): void {
    const { activity, overwrote } = advanced;
    const { member_id, summary } = activity;
    const known = this.recent;
    this.recent = [...known.slice(1 - MOST_RECENT), activity];
    this.timeline.grow(advanced, before);
    if (!this.placedCamera) {
      this.stage.frameAll();
      this.placedCamera = Object.keys(this.room.state.view.segments).length > 0;
    }
    this.stage.loadSurfaces();
    const { memberId } = this.room.state;
    const conflict = conflictOf(activity, overwrote, memberId, (id) => this.room.nameOf(id), known);
    const [name, colour] = [this.room.nameOf(member_id), this.room.colourOf(member_id)];
    if (conflict?.side === "yours replaced") {
      const undo = () => this.submit({ type: "undo" });
      this.toasts.conflict(conflict.text, "", "", { label: "Undo", act: undo });
    } else if (conflict) this.toasts.conflict(conflict.text, name, colour);
    else if (member_id !== memberId && member_id !== "system") this.toasts.say(summary, name, colour);
  }

  private layDown(): void {
    const { tool, selectedId } = this.state;
    this.laidDown = { tool, selectedId };
  }

  /** The past is for looking: no tool is in hand there, and the own one comes back with now. */
  private momentShown(): void {
    if (this.room.state.past !== null) this.choose("select");
    else if (this.laidDown) {
      const { tool, selectedId } = this.laidDown;
      this.laidDown = null;
      this.choose(tool);
      this.select(selectedId);
    }
    this.stage.loadSurfaces();
    this.tellRoom();
  }

  private refuse(reason: string, command: Command | undefined, operationId: string): void {
    if (!this.refusals.show(operationId, reason)) this.toasts.refuse(reason);
    if (command?.type === "apply_cut" || command?.type === "place_cut") this.cut.send("refused");
    this.stage.redraw();
  }
}
