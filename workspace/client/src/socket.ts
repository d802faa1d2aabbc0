// The connection to the room: says hello, keeps trying, measures the lag.

import { parseFrame, type ClientMessage, type ServerMessage } from "./protocol";

export type ConnectionState = "connecting" | "live" | "lost" | "closed";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const PING_EVERY_MS = 2000;
/** Three pings without an answer: the network is gone though nobody said so. */
const SILENCE_MS = 3 * PING_EVERY_MS + 1000;

/** How long to wait before try number `attempt` (0, 1, ...); `chance` in 0..1 spreads a crowd. */
export function waitMs(attempt: number, chance: number): number {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return longest * (0.5 + 0.5 * chance);
}

export interface SocketHandlers {
  /** What to say first. */
  hello(): ClientMessage;
  /** The messages of one frame, in order. */
  frame(messages: ServerMessage[]): void;
  state(state: ConnectionState, lagMs: number | null): void;
}

export class RoomSocket {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private pinging: ReturnType<typeof setInterval> | undefined;
  private heardMs = 0;
  private beatMs = 0;
  private closed = false;
  private live = false;

  constructor(
    private readonly url: string,
    private readonly handlers: SocketHandlers,
  ) {}

  open(): void {
    clearTimeout(this.retry);
    if (this.closed) return;
    const socket = new WebSocket(this.url);
    this.socket = socket;
    this.heardMs = this.beatMs = performance.now();
    if (this.attempt === 0) this.handlers.state("connecting", null);
    socket.onopen = () => this.send(this.handlers.hello());
    socket.onmessage = (event) => this.receive(socket, event.data);
    socket.onclose = () => this.lose(socket);
    clearInterval(this.pinging);
    this.pinging = setInterval(() => this.beat(), PING_EVERY_MS);
  }

  /** Try at once instead of waiting longer: the network is back, or somebody asks. */
  hurry(): void {
    if (this.socket === null && this.attempt > 0) this.open();
  }

  /** Send now; false where there is no connection. */
  send(message: ClientMessage): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.retry);
    clearInterval(this.pinging);
    this.socket?.close();
    this.handlers.state("closed", null);
  }

  private receive(socket: WebSocket, data: unknown): void {
    if (socket !== this.socket) return;
    this.heardMs = performance.now();
    const messages = parseFrame(data);
    if (messages === null) {
      this.lose(socket); // a later message may build on the one that could not be read
      return;
    }
    for (const message of messages) {
      if (message.type === "welcome" || message.type === "resumed") this.greeted();
      if (message.type === "pong") this.handlers.state("live", performance.now() - message.sent_ms);
    }
    this.handlers.frame(messages);
  }

  private greeted(): void {
    if (this.live) return;
    this.attempt = 0;
    this.live = true;
    this.handlers.state("live", null);
    this.beat();
  }

  private beat(): void {
    const now = performance.now();
    // After a page was frozen for a while its own clock was silent, not the network.
    if (now - this.beatMs > 2 * PING_EVERY_MS) this.heardMs = now;
    this.beatMs = now;
    if (this.socket && now - this.heardMs > SILENCE_MS) this.lose(this.socket);
    else if (this.live) this.send({ type: "ping", sent_ms: performance.now() });
  }

  private lose(socket: WebSocket): void {
    if (socket !== this.socket || this.closed) return;
    this.socket = null;
    this.live = false;
    socket.close();
    clearInterval(this.pinging);
    this.handlers.state("lost", null);
    this.retry = setTimeout(() => this.open(), waitMs(this.attempt, Math.random()));
    this.attempt += 1;
  }
}
