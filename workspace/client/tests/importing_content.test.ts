import { describe, expect, test } from "vitest";
import { Content } from "../src/importing/content";
import { choiceOf, type ChosenFile, fingerprint, fromDrop, fromInput, UnreadableChoiceError } from "../src/importing/listing";
import { Pace } from "../src/importing/pace";
import { lengthInWords, sizeInWords, timeInWords } from "../src/importing/words";

function chosen(texts: Record<string, string>, lastModified = 1): ChosenFile[] {
  return Object.entries(texts).map(([path, text]) => ({ path, file: new File([text], path, { lastModified }) }));
}

describe("the content", () => {
  const files = chosen({ a: "first", b: "", c: "second", d: "", e: "3", f: "" });
  const content = new Content(files);

  test("is all files one after the other, wherever it is cut", async () => {
    for (let size = 1; size <= content.totalBytes; size += 1) {
      let text = "";
      while (text.length < content.totalBytes) text += await content.slice(text.length, size).text();
      expect(text).toBe("firstsecond3");
    }
  });

  test("ends where the last file ends", async () => {
    expect(await content.slice(11, 1000).text()).toBe("3");
    expect(content.slice(12, 1000).size).toBe(0);
  });

  test("is listed in parts of at most so many bytes, one file at least", () => {
    const names = chosen(Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`Kopf/ü${at}`, "x".repeat(at % 7)])));
    const listed: [string, number][] = [];
    const long = new Content(names);
    while (listed.length < 500) {
      const part = long.listFrom(listed.length, 300);
      expect(new TextEncoder().encode(part).length).toBeLessThanOrEqual(300);
      listed.push(...(JSON.parse(part) as [string, number][]));
    }
    expect(listed).toEqual(names.map(({ path, file }) => [path, file.size]));
    expect(JSON.parse(long.listFrom(0, 1))).toHaveLength(1);
  });
});

describe("a choice", () => {
  test("is known again by paths, sizes and times, in whatever order it was given", () => {
    const files = ["b", "a"].map((name) => new File([name], name, { lastModified: 5 }));
    const again = [...files].reverse();
    expect(choiceOf(fromInput(files))).toEqual(choiceOf(fromInput(again)));
    expect(fromInput(files).map(({ path }) => path)).toEqual(["a", "b"]);
  });

  test("is another when a file is renamed, longer or newer", () => {
    const known = fingerprint(chosen({ a: "1", b: "2" }));
    expect(fingerprint(chosen({ a: "1", c: "2" }))).not.toBe(known);
    expect(fingerprint(chosen({ a: "1", b: "22" }))).not.toBe(known);
    expect(fingerprint(chosen({ a: "1", b: "2" }, 2))).not.toBe(known);
    expect(fingerprint(chosen({ b: "2", a: "1" }))).not.toBe(known);
    expect(known).toMatch(/^[0-9a-f]{16}$/);
  });
});

/** A folder as browsers give it: at most a hundred entries at a time. */
function folder(name: string, children: object[]): object {
  return {
    name, isFile: false, isDirectory: true,
    createReader: () => {
      const left = [...children];
      return { readEntries: (done: (entries: object[]) => void) => setTimeout(() => done(left.splice(0, 100))) };
    },
  };
}
function leaf(name: string): object {
  return { name, isFile: true, isDirectory: false, file: (done: (file: File) => void) => done(new File([name], name)) };
}
function dropped(...entries: object[]): DataTransferItemList {
  return entries.map((entry) => ({ kind: "file", webkitGetAsEntry: () => entry })) as unknown as DataTransferItemList;
}

describe("a drop", () => {
  test("is read to the end of folders of more than a hundred files, and to any depth", async () => {
    const many = Array.from({ length: 250 }, (_, at) => leaf(`${at}.dcm`));
    const files = await fromDrop(dropped(folder("study", [folder("ct", many), leaf("DICOMDIR")]), leaf("z.zip")), () => {});
    expect(files).toHaveLength(252);
    expect(files.map(({ path }) => path)).toContain("study/ct/249.dcm");
    expect(files[files.length - 1].path).toBe("z.zip");
  });

  test("of a folder that cannot be read says so", async () => {
    const broken = { name: "x", isFile: true, file: (_: unknown, failed: () => void) => failed() };
    await expect(fromDrop(dropped(broken), () => {})).rejects.toThrow(UnreadableChoiceError);
  });

  test("of text holds no files", async () => {
    const text = [{ kind: "string" }] as unknown as DataTransferItemList;
    expect(await fromDrop(text, () => {})).toEqual([]);
  });
});

describe("the pace", () => {
  test("is that of the last seconds, and forgets what was lost", () => {
    const pace = new Pace();
    for (let second = 0; second <= 20; second += 1) pace.note(1000 * second, second <= 10 ? 0 : (second - 10) * 500);
    expect(pace.rate).toBeCloseTo(500);
    expect(pace.secondsLeft(10_000)).toBeCloseTo(10);
    pace.note(21_000, 100);
    expect(pace.rate).toBeNull();
  });

  test("says nothing at the beginning and while nothing moves", () => {
    const pace = new Pace();
    expect(pace.rate).toBeNull();
    pace.note(0, 5);
    pace.note(5000, 5);
    expect(pace.secondsLeft(10)).toBeNull();
  });
});

test("numbers are told as people read them", () => {
  expect([0, 1, 999, 1234, 123_456, 21_474_836_480].map(sizeInWords)).toEqual([
    "0 bytes", "1 byte", "999 bytes", "1.2 kB", "123 kB", "21.5 GB",
  ]);
  expect([0.2, 59.4, 90, 3600, 9000].map(timeInWords)).toEqual(["1 s", "59 s", "2 min", "1 h 0 min", "2 h 30 min"]);
  expect([0.4883, 1, 12.3456].map(lengthInWords)).toEqual(["0.488", "1", "12.3"]);
});
