// A change that replaced somebody else's is told to both, in words.

import type { Activity, Overwrote } from "../protocol";
import { t } from "../words";

export interface Conflict {
  /** "yours replaced": this member's change did; "replaced yours": this member's change is gone. */
  side: "yours replaced" | "replaced yours";
  text: string;
}

/** Return what to tell this member of the changes that `activity` replaced; null: nothing. */
export function conflictOf(
  activity: Activity,
  overwrote: Overwrote[],
  me: string,
  nameOf: (memberId: string) => string,
  recent: Activity[],
): Conflict | null {
  if (activity.member_id === me) {
    const first = overwrote.find(({ member_id }) => member_id !== me);
    if (!first) return null;
    const age = ageText(first, activity, recent);
    const text = t("You {did}. That replaced what {name} did{age}: {theirs}.", {
      did: activity.summary,
      name: nameOf(first.member_id),
      age,
      theirs: first.summary,
    });
    return { side: "yours replaced", text };
  }
  const mine = overwrote.find(({ member_id }) => member_id === me);
  if (!mine) return null;
  const age = ageText(mine, activity, recent);
  return { side: "replaced yours", text: t("{did} after you. That replaced what you did{age}: {yours}.", { did: activity.summary, age, yours: mine.summary }) };
}

function ageText(replaced: Overwrote, activity: Activity, recent: Activity[]): string {
  const was = recent.findLast(
    ({ member_id, summary, revision }) =>
      member_id === replaced.member_id && summary === replaced.summary && revision < activity.revision,
  );
  const seconds = was ? Math.round((Date.parse(activity.at) - Date.parse(was.at)) / 1000) : Number.NaN;
  if (!Number.isFinite(seconds) || seconds < 0) return "";
  return seconds === 0 ? t(" just before") : t(" {span} earlier", { span: spanText(seconds) });
}

/** "2 s", "4 min", "3 h", "2 days". */
export function spanText(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
