// The files that a person chose or dropped, as one list in one order.

export interface ChosenFile {
  /** Names with slashes between, as the folder was chosen. */
  path: string;
  file: File;
}

/** What the machine knows of a choice; the files themselves stay with the sender. */
export interface Choice {
  fingerprint: string;
  files: number;
  totalBytes: number;
}

export class UnreadableChoiceError extends Error {}

/** Files of an input; with `webkitdirectory` their paths begin with the folder's name. */
export function fromInput(files: Iterable<File>): ChosenFile[] {
  return sorted([...files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/** Files and whole folders of a drop; `count` is told how many were found so far. */
export async function fromDrop(
  items: DataTransferItemList,
  count: (files: number) => void,
): Promise<ChosenFile[]> {
  // The list is empty once this function has waited for anything: take all of it first.
  const entries: FileSystemEntry[] = [];
  const loose: ChosenFile[] = [];
  for (const item of items) {
    if (item.kind !== "file") continue;
    const entry = item.webkitGetAsEntry();
    const file = entry === null ? item.getAsFile() : null;
    if (entry !== null) entries.push(entry);
    else if (file !== null) loose.push({ path: file.name, file });
  }
  for (const entry of entries) await walk(entry, "", loose, count);
  return sorted(loose);
}

async function walk(
  entry: FileSystemEntry,
  above: string,
  found: ChosenFile[],
  count: (files: number) => void,
): Promise<void> {
  const path = above + entry.name;
  if (entry.isFile) {
    found.push({ path, file: await fileOf(entry as FileSystemFileEntry) });
    count(found.length);
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives at most a hundred entries at a time, and none at the end.
  for (;;) {
    const batch = await entriesOf(reader);
    if (batch.length === 0) return;
    for (const child of batch) await walk(child, `${path}/`, found, count);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, () => reject(unreadable())));
}

function entriesOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, () => reject(unreadable())));
}

function unreadable(): UnreadableChoiceError {
  return new UnreadableChoiceError(
    "A file or folder could not be read. Check that it is still there and choose again.",
  );
}

/** By path, letter by letter: the same folder gives the same order in every browser. */
function sorted(files: ChosenFile[]): ChosenFile[] {
  return files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

export function choiceOf(files: readonly ChosenFile[]): Choice {
  return {
    fingerprint: fingerprint(files),
    files: files.length,
    totalBytes: files.reduce((sum, { file }) => sum + file.size, 0),
  };
}

const PRIME = 0x100000001b3n;
const MASK = (1n << 64n) - 1n;

/**
 * A name for this choice of files, to know it again after a reload: FNV-1a over paths, sizes and
 * times of change. Not for security: the server lets an uploader see only their own uploads.
 */
export function fingerprint(files: readonly ChosenFile[]): string {
  let hash = 0xcbf29ce484222325n;
  for (const { path, file } of files) {
    // Hashed by file in 32-bit arithmetic, folded in 64: a list may have 200,000 files.
    let low = 0x811c9dc5;
    const text = `${path}\0${file.size}\0${file.lastModified}`;
    for (let at = 0; at < text.length; at += 1) low = Math.imul(low ^ text.charCodeAt(at), 0x01000193);
    hash = ((hash ^ BigInt(low >>> 0)) * PRIME) & MASK;
    hash = ((hash ^ BigInt(file.size)) * PRIME) & MASK;
  }
  return hash.toString(16).padStart(16, "0");
}
