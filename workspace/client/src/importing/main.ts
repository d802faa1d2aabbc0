// The import page. Its link's secret leaves the address at once: the cookie has it now.

import { Driver } from "./driver";
import { ImportPage } from "./page";
import "./import.css";

history.replaceState(null, "", "./");

const page = new ImportPage(document.getElementById("import")!);
page.use(new Driver((state) => queueMicrotask(() => page.show(state))));
