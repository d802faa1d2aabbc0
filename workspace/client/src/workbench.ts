// Puts room, stage and tools together. The component draws what stands here and hands on events.

import { shallowReactive, watch } from "vue";
import { facing, stateOf, type Direction, type Pixel } from "./camera";
import type { Graphics } from "./graphics";
import { Hands } from "./hands";
import { Ink } from "./ink";
import { Memory, sessionTexts } from "./memory";
import type { Advanced, Anchor, Command, Dragged, ToolName, Welcome } from "./protocol";
import { Room } from "./room";
import { ghostKey, Stage } from "./stage";
import { centreOf, solidOf } from "./store";
import { SurfaceLoader } from "./surface_loading";
import { Toasts } from "./toasts";
import { CommentTool } from "./tools/commenting";
import { CutTool } from "./tools/cutting";
import { MeasureTool } from "./tools/measuring";
import { MoveTool } from "./tools/moving";
import { NoteTool } from "./tools/noting";
import { SelectTool } from "./tools/selecting";
import { LEADS_TO, type Bench, type Tool } from "./tools/tool";
import type { Vector } from "./vector";

export interface Addresses {
  socket: string;
  surfaces: string;
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
  });
  readonly toasts = new Toasts();
  readonly memory: Memory;
  readonly room: Room;
  readonly hands: Hands;
  readonly stage: Stage;
  readonly ink: Ink;
  readonly note: NoteTool;
  readonly comment: CommentTool;
  readonly measure: MeasureTool;
  readonly cut: CutTool;
  readonly move: MoveTool;
  readonly tools: Record<ToolName, Tool>;
  private cursor: Anchor | null = null;
  private placedCamera = false;
  private readonly unwatch: () => void;

  constructor(
    { socket, surfaces, assets }: Addresses,
    memberId: string,
    private readonly outside: Outside,
  ) {
    this.memory = new Memory(socket);
    this.room = new Room(socket, memberId, sessionTexts(), {
      welcome: (welcome, restarted) => this.enter(welcome, restarted),
      resumed: () => this.tellRoom(),
      advanced: (advanced, own) => this.advance(advanced, own),
      refused: (reason, command) => this.refuse(reason, command),
      settled: (operationId) => {
        this.hands.settle(operationId);
        this.stage.redraw();
      },
      failed: (reason) => this.toasts.refuse(reason),
    });
    this.hands = new Hands(this.room);
    this.stage = new Stage(this.room, this.hands, new SurfaceLoader(assets, surfaces));
    this.stage.onReady = () => outside.ready();
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
    this.unwatch = this.watchAll();
  }

  open(container: HTMLElement, graphics: Graphics): void {
    this.stage.attach(container, graphics);
    this.room.open();
  }

  close(): void {
    this.unwatch();
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
    this.state.tool = name;
    this.memory.put({ tool: name });
    this.outside.tool(name);
    this.tellTools();
    this.stage.redraw();
    this.tellRoom();
  }

  view(direction: Direction): void {
    this.stage.look(facing(this.stage.state.camera, direction));
  }

  /** Bring a world point, or a solid, to the middle. */
  focus(target: { point_mm?: Vector; solid_id?: string }): void {
    const solid = solidOf(this.room.state.view, target.solid_id ?? "");
    const point = target.point_mm ?? (solid && this.stage.worldOf(target.solid_id ?? "", centreOf(solid)));
    if (point) this.stage.look({ ...this.stage.state.camera, focal: point });
  }

  mayUse(name: ToolName): boolean {
    const command = LEADS_TO[name];
    return command === null || this.room.may(command);
  }

  submit(command: Command): void {
    if (this.room.may(command.type)) this.room.submit(command);
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

  pointAt(anchor: Anchor | null): void {
    this.cursor = anchor;
    this.tellRoom();
  }

  tellRoom(): void {
    this.room.tell({
      cursor: this.cursor,
      camera: stateOf(this.stage.state.camera),
      tool: this.state.tool,
      dragging: this.dragging(),
    });
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
        () => [...this.room.others.values()].map(({ dragging }) => dragging),
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

  private enter(_: Welcome, restarted: boolean): void {
    if (restarted) this.outside.restarted();
    if (!this.mayUse(this.state.tool)) {
      this.state.tool = "select";
      this.outside.tool("select");
    }
    if (!this.placedCamera) this.stage.frameAll();
    this.placedCamera ||= Object.keys(this.room.state.view.segments).length > 0;
    this.stage.loadSurfaces();
    this.tellRoom();
  }

  private advance({ activity }: Advanced, _: Command | undefined): void {
    const { member_id, summary } = activity;
    if (!this.placedCamera) {
      this.stage.frameAll();
      this.placedCamera = Object.keys(this.room.state.view.segments).length > 0;
    }
    this.stage.loadSurfaces();
    if (member_id === this.room.state.memberId || member_id === "system") return;
    this.toasts.say(summary, this.room.nameOf(member_id), this.room.colourOf(member_id));
  }

  private refuse(reason: string, command: Command | undefined): void {
    this.toasts.refuse(reason);
    if (command?.type === "apply_cut" || command?.type === "place_cut") this.cut.send("refused");
    this.stage.redraw();
  }
}
