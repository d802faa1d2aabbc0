// The plugin that the page loads: global `commissure_client`, component <commissure-view>.

import type { App } from "vue";
import CommissureView from "./CommissureView.vue";
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
  startClock();
}
