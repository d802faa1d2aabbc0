// The plugin that the page loads: global `commissure_client`, component <commissure-view>.

import { inject, type App } from "vue";
import CommissureView from "./CommissureView.vue";
import { layPanelsOut } from "./panels/keeping";
import { PANELS } from "./panels/panels";
import { startClock } from "./panels/when";
import "./style.css";
import "./looking.css";
import "./images.css";
import "./markups/markups.css";
import { choose, t } from "./words";

export function install(app: App): void {
  app.component("CommissureView", CommissureView);
  // For the panels, which are templates that the server wrote: words of a few states and roles.
  app.config.globalProperties.$t = t;
  app.config.globalProperties.$speak = choose;
  app.config.globalProperties.$panels = PANELS;
  app.runWithContext(() => layPanelsOut(inject("trame", null)));
  startClock();
}
