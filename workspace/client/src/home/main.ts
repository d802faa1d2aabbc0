// The first page. The server draws it; this lets rooms be found and deleted, and images be sent.

import { Driver } from "../importing/driver";
import { ImportPage } from "../importing/page";
import { letDelete } from "./deleting";
import { letFind } from "./finding";
import "../importing/import.css";
import "./home.css";

const list = document.querySelector<HTMLElement>(".ch-cases");
if (list !== null) {
  letFind(list);
  letDelete(list);
}

const sending = document.querySelector<HTMLElement>("#import");
if (sending !== null) {
  const page = new ImportPage(sending, "h2");
  // Only the import link's cookie lets images be sent, and it goes to the import's own paths only.
  const show = (isAllowed: boolean): void => {
    sending.hidden = !isAllowed;
    document.querySelector<HTMLElement>("#no-import")!.hidden = isAllowed;
  };
  page.use(
    new Driver((state) =>
      queueMicrotask(() => {
        page.show(state);
        if (state.phase !== "greeting") show(state.phase !== "signed_out");
      }),
    ),
  );
}
