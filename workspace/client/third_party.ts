import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Plugin } from "vite";

/** Write the licences of all packages that went into a bundle beside it. */
export function thirdParty(fileName: string): Plugin {
  return {
    name: "third-party-licences",
    generateBundle(_, bundle) {
      const names = new Set<string>();
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        for (const id of chunk.moduleIds) {
          const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(id);
          if (found) names.add(found[1]);
        }
      }
      if (names.size === 0) return;
      const source = [...names].sort().map(licenceOf).join("\n\n");
      this.emitFile({ type: "asset", fileName, source: `${source}\n` });
    },
  };
}

function licenceOf(name: string): string {
  const folder = `node_modules/${name}`;
  if (!existsSync(`${folder}/package.json`)) return name;
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(`${folder}/${file}`, "utf8").trim() : "";
  return `${name} ${version} (${license})\n${text}`.trim();
}
