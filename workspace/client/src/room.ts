// The room as this browser knows it: the server's plan view, who is here, what is still pending.

import { reactive, shallowReactive } from "vue";
import { newId } from "./ids";
import { PendingCommands, type TextStorage } from "./pending";
import type {
  Activity,
  Command,
  MemberRecord,
  PlanView,
  Presence,
  Progress,
  Role,
  ServerMessage,
  Welcome,
} from "./protocol";
import { RoomSocket, type ConnectionState } from "./socket";
import { emptyView, upsert, viewOf } from "./store";
import { throttled } from "./throttle";

/** 25 times a second is as fast as a hand needs; facts of the room's bandwidth. */
const PRESENCE_EVERY_MS = 40;
/** A finished job stays on screen this long, so that a short one can be read. */
const PROGRESS_LINGER_MS = 400;

export interface RoomEvents {
  welcome(welcome: Welcome, restarted: boolean): void;
  activity(activity: Activity): void;
  refused(reason: string, command: Command | undefined): void;
  settled(operationId: string, command: Command | undefined): void;
  failed(reason: string): void;
}

export class Room {
  readonly state = shallowReactive({
    connection: "connecting" as ConnectionState,
    lagMs: null as number | null,
    welcomed: false,
    revision: 0,
    /** Of the last welcome; null once the plan went on from there. */
    stateHash: null as string | null,
    role: "observer" as Role,
    memberId: "",
    roomId: "",
    view: emptyView() as PlanView,
    present: [] as string[],
    canUndo: false,
    canRedo: false,
    pending: 0,
    failure: null as string | null,
  });
  readonly others = shallowReactive(new Map<string, Presence>());
  readonly jobs = reactive(new Map<string, Progress>());

  private readonly socket: RoomSocket;
  private readonly pending: PendingCommands;
  private readonly presence: ReturnType<typeof throttled<Presence>>;
  private lastPresence = "";
  private bootId: string | null = null;

  constructor(
    url: string,
    memberId: string,
    storage: TextStorage | null,
    private readonly events: RoomEvents,
  ) {
    this.state.memberId = memberId;
    this.pending = new PendingCommands(storage, `commissure:pending:${url}`);
    this.state.pending = this.pending.size;
    this.presence = throttled((value) => this.tellPresence(value), PRESENCE_EVERY_MS);
    this.socket = new RoomSocket(url, {
      message: (message) => this.receive(message),
      state: (connection, lagMs) => {
        this.state.connection = connection;
        if (lagMs !== null || connection !== "live") this.state.lagMs = lagMs;
        if (connection === "lost") this.others.clear();
      },
    });
  }

  open(): void {
    this.socket.open();
  }

  close(): void {
    this.presence.stop();
    this.socket.close();
  }

  get canEdit(): boolean {
    return this.state.welcomed && this.state.role !== "observer";
  }

  get me(): MemberRecord | undefined {
    return this.state.view.members[this.state.memberId];
  }

  nameOf(memberId: string): string {
    return this.state.view.members[memberId]?.name ?? "Somebody";
  }

  colourOf(memberId: string): string {
    return this.state.view.members[memberId]?.colour ?? "#c6cfdb";
  }

  /** Ask for a command; it is kept and sent again until the server has answered. */
  submit(command: Command): string {
    const operationId = newId();
    this.pending.add(operationId, command);
    this.state.pending = this.pending.size;
    if (this.state.connection === "live") {
      this.socket.send({ type: "submit", operation_id: operationId, command });
    }
    return operationId;
  }

  isPending(test: (command: Command) => boolean): boolean {
    return this.pending.all().some(({ command }) => test(command));
  }

  tell(presence: Presence): void {
    if (this.state.welcomed) this.presence.give(presence);
  }

  private tellPresence(presence: Presence): void {
    const text = JSON.stringify(presence);
    if (text === this.lastPresence) return;
    if (this.socket.send({ type: "presence", ...presence })) this.lastPresence = text;
  }

  private receive(message: ServerMessage): void {
    switch (message.type) {
      case "welcome":
        this.enter(message);
        break;
      case "advanced":
        upsert(this.state.view, message.changes);
        this.state.view = { ...this.state.view };
        this.state.revision = message.revision;
        this.state.stateHash = null;
        this.state.canUndo = message.can_undo;
        this.state.canRedo = message.can_redo;
        this.settle(message.operation_id);
        this.events.activity(message.activity);
        break;
      case "acknowledged":
        this.settle(message.operation_id);
        break;
      case "refused":
        this.events.refused(message.reason, this.settle(message.operation_id));
        break;
      case "presence_update":
        this.updatePresence(message.members);
        break;
      case "progress":
        this.showProgress(message);
        break;
      case "failure":
        this.state.failure = message.reason;
        this.events.failed(message.reason);
        break;
    }
  }

  private enter(welcome: Welcome): void {
    const restarted = this.bootId !== null && this.bootId !== welcome.boot_id;
    this.bootId = welcome.boot_id;
    this.others.clear();
    this.jobs.clear();
    this.lastPresence = "";
    Object.assign(this.state, {
      welcomed: true,
      revision: welcome.revision,
      stateHash: welcome.state_hash,
      role: welcome.role,
      memberId: welcome.member_id,
      roomId: welcome.room_id,
      view: viewOf(welcome),
      present: welcome.present,
      canUndo: welcome.can_undo,
      canRedo: welcome.can_redo,
      failure: null,
    });
    for (const { operation_id, command } of this.pending.all()) {
      this.socket.send({ type: "submit", operation_id, command });
    }
    this.events.welcome(welcome, restarted);
  }

  private settle(operationId: string): Command | undefined {
    const command = this.pending.settle(operationId);
    this.state.pending = this.pending.size;
    this.events.settled(operationId, command);
    return command;
  }

  private updatePresence(members: Record<string, Presence | null>): void {
    const present = new Set(this.state.present);
    for (const [id, presence] of Object.entries(members)) {
      if (presence === null) {
        this.others.delete(id);
        present.delete(id);
      } else {
        present.add(id);
        if (id !== this.state.memberId) this.others.set(id, presence);
      }
    }
    const list = [...present];
    if (list.join() !== this.state.present.join()) this.state.present = list;
  }

  private showProgress(progress: Progress): void {
    this.jobs.set(progress.job, progress);
    if (progress.done < progress.total) return;
    setTimeout(() => this.jobs.delete(progress.job), PROGRESS_LINGER_MS);
  }
}
