// The plugin that the page loads: global `commissure_client`, component <commissure-view>.

import type { App } from "vue";
import CommissureView from "./CommissureView.vue";
import { PANELS } from "./panels/panels";
import { startClock } from "./panels/when";
import "./style.css";

export function install(app: App): void {
  app.component("CommissureView", CommissureView);
  app.config.globalProperties.$panels = PANELS;
  startClock();
}
