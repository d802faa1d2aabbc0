// Where this script was served from: the worker and the decoder lie beside it.

const SCRIPT = "commissure_client.umd.js";

/** Only known while the script itself runs. */
const own = typeof document === "undefined" ? null : (document.currentScript as HTMLScriptElement | null);

export function assetsFolder(publicPath: string | undefined): string {
  if (publicPath) return publicPath.endsWith("/") ? publicPath : `${publicPath}/`;
  const named = Array.from(document.scripts).find(({ src }) => src.split("?")[0].endsWith(SCRIPT));
  const src = own?.src || named?.src;
  return src ? new URL(".", src).href : new URL(".", document.baseURI).href;
}

export function socketAddress(path: string): string {
  const address = new URL(path, document.baseURI);
  if (address.protocol === "http:") address.protocol = "ws:";
  if (address.protocol === "https:") address.protocol = "wss:";
  return address.href;
}
