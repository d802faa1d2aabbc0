import { describe, expect, test } from "vitest";
import { askingAt, completed, mentionedIn, offered } from "../src/mentions";
import type { MemberRecord } from "../src/protocol";

const member = (name: string, dismissed = false): MemberRecord => ({
  member_id: name.toLowerCase().replace(" ", "-"), name, role: "surgeon", colour: "#fff", dismissed,
});
const MEMBERS = [member("Ana Reis"), member("Ana"), member("Ben Okoye"), member("Olga Ben"), member("Gone Ann", true)];

const asking = (text: string) => askingAt(text, text.length);
const names = (text: string) => {
  const it = asking(text);
  return it && offered(it, MEMBERS).map(({ name }) => name);
};

describe("a mention that is being typed", () => {
  test.each(["hello", "mail a@b", "@ana  reis", "@ana\n", "@ ", "@" + "a".repeat(40)])("is none in %j", (text) => {
    expect(asking(text)).toBeNull();
  });

  test("offers who begins so, first name before last", () => {
    expect(names("see @ben")).toEqual(["Ben Okoye", "Olga Ben"]);
    expect(names("(@an")).toEqual(["Ana", "Ana Reis"]);
    expect(names("@ana r")).toEqual(["Ana Reis"]);
    expect(names("@")).toHaveLength(4);
    expect(names("@gone")).toEqual([]);
  });

  test("is completed in the middle of a text, with the caret behind it", () => {
    const text = "ask @be about it";
    const it = askingAt(text, 7);
    expect(it).not.toBeNull();
    expect(completed(text, it!, MEMBERS[2])).toEqual(["ask @Ben Okoye about it", 15]);
  });
});

describe("who is mentioned", () => {
  test("is found by the whole name, the longer one first", () => {
    expect(mentionedIn("@Ana Reis and @ben okoye", MEMBERS)).toEqual(["ben-okoye", "ana-reis"]);
    expect(mentionedIn("@Ana, look", MEMBERS)).toEqual(["ana"]);
    expect(mentionedIn("@Ana Reis, @Ana", MEMBERS)).toEqual(["ana-reis", "ana"]);
  });

  test("is nobody without an at sign, and nobody who has gone", () => {
    expect(mentionedIn("Ana Reis and @Gone Ann", MEMBERS)).toEqual([]);
  });
});
