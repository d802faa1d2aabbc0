// The room as this browser knows it: the server's plan view, who is here, what is still pending.

import { reactive, shallowReactive } from "vue";
import { newId } from "./ids";
import { Pacer } from "./pacer";
import { PendingCommands, type PendingCommand, type TextStorage } from "./pending";
import {
  PROTOCOL_VERSION,
  type Advanced,
  type Command,
  type MemberRecord,
  type PlanView,
  type Presence,
  type PresentAct,
  type Presenting,
  type Progress,
  type Resumed,
  type Role,
  type ServerMessage,
  type Welcome,
} from "./protocol";
import { MAIN } from "./records";
import { RoomSocket, type ConnectionState } from "./socket";
import { advancedBy, emptyView, viewOf } from "./store";
import { t } from "./words";

/** 25 times a second is as fast as a hand needs; facts of the room's bandwidth. */
const PRESENCE_EVERY_MS = 40;
/** Presence should come so much before the room's tick. */
const EARLY_MS = 1;
/** A finished job stays on screen this long, so that a short one can be read. */
const PROGRESS_LINGER_MS = 400;
/** Told as the operation of what is no command, when it is refused. */
const PRESENT_OPERATION = "present";

export interface RoomEvents {
  welcome(welcome: Welcome, restarted: boolean): void;
  /** The connection is back, and what was missed has been taken over. */
  resumed(): void;
  asked(operationId: string): void;
  /** `before` is the plan as it was until then. */
  advanced(advanced: Advanced, before: PlanView): void;
  refused(reason: string, command: Command | undefined, operationId: string): void;
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
    /** Types of the commands that the role allows, and "present", "export". */
    may: new Set<string>() as ReadonlySet<string>,
    memberId: "",
    roomId: "",
    branchId: MAIN,
    /** What is shown: the plan as it is now, or as it was while `past` is not null. */
    view: emptyView() as PlanView,
    /** The revision that is shown instead of the latest one. */
    past: null as number | null,
    present: [] as string[],
    presenting: { presenter_id: null, asked: [] } as Presenting,
    canUndo: false,
    canRedo: false,
    pending: 0,
    failure: null as string | null,
  });
  readonly others = shallowReactive(new Map<string, Presence>());
  readonly jobs = reactive(new Map<string, Progress>());

  private readonly socket: RoomSocket;
  private readonly pending: PendingCommands;
  private readonly presence: Pacer<Presence>;
  /** The plan as it is now. */
  private live = emptyView();
  private lastPresence = "";
  private bootId: string | null = null;
  private greeted = false;

  constructor(
    url: string,
    memberId: string,
    storage: TextStorage | null,
    private readonly events: RoomEvents,
  ) {
    this.state.memberId = memberId;
    this.pending = new PendingCommands(storage, `commissure:pending:${url}`);
    this.state.pending = this.pending.size;
    this.presence = new Pacer((value) => this.tellPresence(value), PRESENCE_EVERY_MS);
    this.socket = new RoomSocket(url, {
      hello: () => this.hello(),
      frame: (messages) => this.receive(messages),
      state: (connection, lagMs) => this.setConnection(connection, lagMs),
    });
  }

  open(branchId = MAIN): void {
    this.state.branchId = branchId;
    this.socket.open();
  }

  /** Connect now instead of after the rest of the wait. */
  hurry(): void {
    this.socket.hurry();
  }

  close(): void {
    this.presence.stop();
    this.socket.close();
  }

  /** Whether this member may ask for a command of that type, here and now. */
  may(what: string): boolean {
    return this.state.welcomed && this.state.past === null && this.state.may.has(what);
  }

  /** Whether something made by that member is this member's to take away. */
  owns(authorId: string): boolean {
    return authorId === this.state.memberId || this.state.role === "owner";
  }

  get me(): MemberRecord | undefined {
    return this.live.members[this.state.memberId];
  }

  /** The plan as it is now, whatever is shown. */
  get now(): PlanView {
    return this.live;
  }

  /** All members, also those who came after the moment that is shown. */
  get members(): Record<string, MemberRecord> {
    void this.state.view;
    return this.live.members;
  }

  nameOf(memberId: string): string {
    return this.members[memberId]?.name ?? "Somebody";
  }

  colourOf(memberId: string): string {
    return this.members[memberId]?.colour ?? "#c6cfdb";
  }

  branchName(branchId: string): string {
    void this.state.view;
    return branchId === MAIN ? t("Main") : (this.live.branches[branchId]?.name ?? t("Another branch"));
  }

  /** Whether a member looks at what this page shows: the same branch, as it is now. */
  isNear(presence: Presence): boolean {
    return this.state.past === null && (presence.branch_id ?? MAIN) === this.state.branchId;
  }

  /** The others whose hands and pointers belong to what is on screen. */
  nearby(): [string, Presence][] {
    return [...this.others].filter(([, presence]) => this.isNear(presence));
  }

  /**
   * Ask for a command; it is kept and sent again until the server has answered.
   *
   * `seen` is the revision that it was made on: what a hand holds hides what others did meanwhile.
   */
  submit(command: Command, seen: number = this.state.revision): string {
    const operation_id = newId();
    const { branchId, welcomed } = this.state;
    const pending = { operation_id, command, branch_id: branchId, seen: welcomed ? seen : null };
    this.pending.add(pending);
    this.state.pending = this.pending.size;
    this.events.asked(operation_id);
    if (this.state.connection === "live") this.send(pending);
    return operation_id;
  }

  isPending(test: (command: Command) => boolean): boolean {
    return this.pending.all().some(({ command }) => test(command));
  }

  /** Show another branch; what is not answered yet stays with the branch it was asked for. */
  visit(branchId: string): boolean {
    return this.socket.send({ type: "visit", branch_id: branchId });
  }

  lead(act: PresentAct, memberId: string | null = null): boolean {
    return this.socket.send({ type: "present", act, member_id: memberId });
  }

  tell(presence: Presence): void {
    if (this.state.welcomed) this.presence.give(presence);
  }

  /** Show the plan as it was; what happens meanwhile is kept for later. */
  showPast(revision: number, view: PlanView): void {
    this.state.past = revision;
    this.state.view = { ...emptyView(), ...view };
  }

  showNow(): void {
    this.state.past = null;
    this.state.view = { ...this.live };
  }

  private hello() {
    const { welcomed, revision, branchId } = this.state;
    const known = welcomed && this.bootId !== null;
    const seen = known ? { boot_id: this.bootId as string, revision } : null;
    return { type: "hello" as const, protocol: PROTOCOL_VERSION, branch_id: branchId, seen };
  }

  private setConnection(connection: ConnectionState, lagMs: number | null): void {
    this.state.connection = connection;
    if (lagMs !== null || connection !== "live") this.state.lagMs = lagMs;
    if (connection !== "lost") return;
    this.greeted = false;
    this.lastPresence = "";
    this.others.clear();
  }

  private tellPresence(presence: Presence): void {
    const text = JSON.stringify(presence);
    if (text === this.lastPresence) return;
    if (this.socket.send({ type: "presence", ...presence })) this.lastPresence = text;
  }

  private receive(messages: ServerMessage[]): void {
    for (const message of messages) this.take(message);
    if (messages.some(({ type }) => type === "resumed")) this.events.resumed();
    if (!this.greeted && messages.some(({ type }) => type === "welcome" || type === "resumed")) {
      this.greeted = true;
      for (const pending of this.pending.all()) this.send(pending);
    }
  }

  private send(pending: PendingCommand): void {
    this.socket.send({ type: "submit", ...pending });
  }

  private take(message: ServerMessage): void {
    switch (message.type) {
      case "welcome":
        this.enter(message);
        break;
      case "resumed":
        this.greet(message);
        break;
      case "advanced":
        this.advance(message);
        break;
      case "acknowledged":
        this.settle(message.operation_id);
        break;
      case "refused":
        this.refuse(message.operation_id, message.reason);
        break;
      case "presenting":
        this.state.presenting = { presenter_id: message.presenter_id, asked: message.asked };
        break;
      case "presence_update":
        this.updatePresence(message.members);
        break;
      case "progress":
        this.showProgress(message);
        break;
      case "pace":
        this.presence.shift(message.early_ms - EARLY_MS);
        break;
      case "failure":
        this.state.failure = message.reason;
        this.events.failed(message.reason);
        break;
    }
  }

  /** Take over what both answers to a hello tell. */
  private greet(greeting: Welcome | Resumed): void {
    this.bootId = greeting.boot_id;
    this.jobs.clear();
    Object.assign(this.state, {
      welcomed: true,
      revision: greeting.revision,
      role: greeting.role,
      may: new Set(greeting.may),
      branchId: greeting.branch_id,
      present: greeting.present,
      presenting: greeting.presenting,
      canUndo: greeting.can_undo,
      canRedo: greeting.can_redo,
      failure: null,
    });
    const here = new Set(greeting.present);
    for (const id of [...this.others.keys()]) if (!here.has(id)) this.others.delete(id);
  }

  private enter(welcome: Welcome): void {
    const restarted = this.bootId !== null && this.bootId !== welcome.boot_id;
    this.greet(welcome);
    this.live = viewOf(welcome);
    this.state.stateHash = welcome.state_hash;
    this.state.memberId = welcome.member_id;
    this.state.roomId = welcome.room_id;
    this.showNow();
    this.events.welcome(welcome, restarted);
  }

  private advance(message: Advanced): void {
    const before = this.live;
    this.live = advancedBy(before, message.changes);
    if (this.state.past === null) this.state.view = this.live;
    this.state.revision = Math.max(this.state.revision, message.revision);
    this.state.stateHash = null;
    this.state.canUndo = message.can_undo;
    this.state.canRedo = message.can_redo;
    this.events.advanced(message, before);
    this.settle(message.operation_id);
  }

  private refuse(operationId: string, reason: string): void {
    const known = operationId !== PRESENT_OPERATION;
    this.events.refused(reason, known ? this.settle(operationId) : undefined, operationId);
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
