// What the server's rows for the panels hold, as far as it is read here; `workspace/binders/rows.py`.

export interface SolidRow {
  id: string;
  name: string;
  kind: string;
  parent_id: string;
  leaf: boolean;
  fragment: boolean;
  colour: string;
  owner: string;
  group: string;
  code: string;
}

export interface MeasureRow {
  id: string;
  form: string;
}

export interface ActivityRow {
  revision: number;
  who_id: string;
}

export interface MemberRow {
  id: string;
  name: string;
  colour: string;
}

export interface LockRow {
  member_id: string;
  who: string;
}

export interface ThreadRow {
  on: string[];
  resolved: boolean;
}

export interface Me {
  id: string;
  owner: boolean;
  may: string[];
}

export interface Meaning {
  code: string;
  name: string;
  colour: string;
}
