// The plugin that the page loads: global `commissure_client`, component <commissure-view>.

import type { App } from "vue";
import CommissureView from "./CommissureView.vue";
import "./style.css";

export function install(app: App): void {
  app.component("CommissureView", CommissureView);
}
