// Whose view one looks through: one's own, a member's whom one follows, or the presenter's.

export interface Sight {
  /** Null: one's own. */
  following: string | null;
  /** Who leads everybody's view; never oneself. */
  presenter: string | null;
}

export type SightEvent =
  | { type: "follow"; member_id: string }
  | { type: "presenter"; member_id: string | null }
  | { type: "return" } // to the presenter, after leaving
  | { type: "leave" } // by hand, by Escape, by moving the camera
  | { type: "gone"; member_id: string };

export const OWN_SIGHT: Sight = { following: null, presenter: null };

/** Return whose view one looks through after `event`; `me` is never followed. */
export function see(sight: Sight, event: SightEvent, me: string): Sight {
  switch (event.type) {
    case "follow":
      return event.member_id === me ? sight : { ...sight, following: event.member_id };
    case "presenter":
      return withPresenter(sight, event.member_id === me ? null : event.member_id);
    case "return":
      return sight.presenter === null ? sight : { ...sight, following: sight.presenter };
    case "leave":
      return { ...sight, following: null };
    case "gone":
      return sight.following === event.member_id ? { ...sight, following: null } : sight;
  }
}

function withPresenter(sight: Sight, presenter: string | null): Sight {
  if (presenter === sight.presenter) return sight;
  // A new presenter is followed by all, also by those who left the one before.
  if (presenter !== null) return { following: presenter, presenter };
  const led = sight.following === sight.presenter;
  return { following: led ? null : sight.following, presenter };
}

export type SightMode = "own" | "following" | "led" | "left";

/** "left": somebody presents, and one looks at something else. */
export function modeOf({ following, presenter }: Sight): SightMode {
  if (following !== null) return following === presenter ? "led" : "following";
  return presenter === null ? "own" : "left";
}
